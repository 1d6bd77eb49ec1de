// A page names the scripts of its elements itself. An answer to htmx names those of what it brings,
// and whichever the page does not have is loaded now: elements start to work when it is there.

const load = (url) => {
  // By its name alone: where a newer release answers, what the page has does the same.
  const [name] = url.split(".");
  if (document.querySelector(`script[src^="${name}."]`)) return;
  const script = document.createElement("script");
  script.src = url;
  // Whatever comes next may try again.
  script.onerror = () => script.remove();
  document.head.append(script);
};

document.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
  const scripts = detail.xhr.getResponseHeader("Scripts");
  if (scripts) scripts.split(" ").forEach(load);
});
