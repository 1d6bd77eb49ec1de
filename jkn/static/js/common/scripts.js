// A page names the scripts of its elements. An answer to htmx names those of the elements in it;
// those that the page does not have yet are loaded now.

const load = (url) => {
  // By name, without the digest: a script of an older release does the same.
  const [name] = url.split(".");
  if (document.querySelector(`script[src^="${name}."]`)) return;
  const script = document.createElement("script");
  script.src = url;
  // The next answer may try again.
  script.onerror = () => script.remove();
  document.head.append(script);
};

document.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
  const scripts = detail.xhr.getResponseHeader("Scripts");
  if (scripts) scripts.split(" ").forEach(load);
});
