// The WebSocket to the sandbox: reconnects by itself, and turns each act into a promise by its seq.

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
const ANSWER_WITHIN_MS = 10_000;

export class Connection extends EventTarget {
  #socket = null;
  #pause = FIRST_PAUSE_MS;
  #seq = 0;
  #waiting = new Map();

  open() {
    const address = new URL("ws", document.baseURI);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    this.#socket = new WebSocket(address);
    this.#socket.addEventListener("open", () => {
      this.#pause = FIRST_PAUSE_MS;
      this.#tell("online", true);
    });
    this.#socket.addEventListener("message", ({ data }) => this.#receive(JSON.parse(data)));
    this.#socket.addEventListener("close", () => this.#lost());
  }

  // Resolves once the sandbox did it; rejects with a sentence for people.
  act(act) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return Promise.reject(new Error("Not connected. Trying again…"));
    const seq = ++this.#seq;
    this.#socket.send(JSON.stringify({ ...act, seq }));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(seq, new Error("The sandbox did not answer.")), ANSWER_WITHIN_MS);
      this.#waiting.set(seq, { resolve, reject, timer });
    });
  }

  #receive(event) {
    if (event.type === "ok") this.#settle(event.for);
    else if (event.type === "error") this.#settle(event.for, new Error(sentence(event.error)));
    else this.#tell("event", event);
  }

  #settle(seq, error = null) {
    const waiting = this.#waiting.get(seq);
    if (!waiting) return;
    this.#waiting.delete(seq);
    clearTimeout(waiting.timer);
    if (error) waiting.reject(error);
    else waiting.resolve();
  }

  #lost() {
    for (const seq of [...this.#waiting.keys()]) this.#settle(seq, new Error("The connection was lost."));
    this.#tell("online", false);
    // Jitter, so that many tabs do not come back at the same moment.
    setTimeout(() => this.open(), this.#pause * (0.75 + Math.random() / 2));
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
  }

  #tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export const connection = new Connection();
