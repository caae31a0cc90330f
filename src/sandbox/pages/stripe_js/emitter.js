// Listeners of an element or of the elements group. A listener that throws must not stop the others.

/** @typedef {(event?: any) => void} Listener */

export function createEmitter() {
  /** @type {Map<string, { listener: Listener, isOnce: boolean }[]>} */
  const listeners = new Map();

  /** @param {string} name @param {Listener} listener @param {boolean} isOnce */
  function add(name, listener, isOnce) {
    listeners.set(name, [...(listeners.get(name) ?? []), { listener, isOnce }]);
  }

  return {
    add,
    /** @param {string} name @param {Listener} [listener] */
    remove(name, listener) {
      const kept = (listeners.get(name) ?? []).filter((entry) => listener && entry.listener !== listener);
      listeners.set(name, kept);
    },
    /** @param {string} name */
    has: (name) => (listeners.get(name) ?? []).length > 0,
    clear: () => listeners.clear(),
    /** @param {string} name @param {unknown} [event] */
    emit(name, event) {
      const current = listeners.get(name) ?? [];
      listeners.set(
        name,
        current.filter((entry) => !entry.isOnce),
      );
      for (const { listener } of current) {
        try {
          listener(event);
        } catch (error) {
          reportError(error);
        }
      }
    },
  };
}
