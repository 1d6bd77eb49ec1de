// Waits no longer than a time: also where a browser never answers, its owner goes on.

globalThis.deadline = {
  // Gives `ask` a signal that ends what was asked for. Rejects with the name "late", whether or not
  // the browser heeds the signal.
  within(ms, ask) {
    const stop = new AbortController();
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => {
        reject({ name: "late" });
        stop.abort();
      }, ms);
    });
    return Promise.race([ask(stop.signal), late]).finally(() => clearTimeout(timer));
  },
};
