// The work by which a browser shows that it is no robot, and whether it may begin by itself.

const LOW_BATTERY = 0.15;

globalThis.browserWork = {
  // Truthy where data or battery run low: they are the person's, who may begin all the same.
  async mustBeAsked() {
    if (navigator.connection?.saveData) return true;
    const battery = await navigator.getBattery?.().catch(() => {});
    return battery && !battery.charging && battery.level <= LOW_BATTERY;
  },

  // What a form sends as its proof. Rejects when there is no answer, or when the signal ends it.
  async proof(url, signal) {
    const { challenge, worker } = await (await fetch(url, { signal })).json();
    const solver = new Worker(worker);
    signal.addEventListener("abort", () => solver.terminate());
    const solution = await new Promise((resolve, reject) => {
      solver.onmessage = ({ data }) => resolve(data);
      solver.onerror = reject;
      solver.postMessage(challenge.parameters);
    }).finally(() => solver.terminate());
    return btoa(JSON.stringify({ challenge, solution }));
  },
};
