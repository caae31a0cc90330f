// Listeners of an element or of the elements group. A listener that throws must not stop the others.

/**
 * @typedef {(event?: any) => void} Listener
 * @typedef {ReturnType<typeof createEmitter>} Emitter
 */

export function createEmitter() {
  /** @type {Map<string, { listener: Listener, isOnce: boolean }[]>} */
  const listeners = new Map();

  return {
    /** @param {string} name @param {Listener} listener @param {boolean} isOnce */
    add(name, listener, isOnce) {
      listeners.set(name, [...(listeners.get(name) ?? []), { listener, isOnce }]);
    },
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

/**
 * What a page calls to hear of something; each answers what it was called on, so that calls can be chained.
 * @param {Emitter} emitter
 */
export function listening(emitter) {
  return {
    /** @template T @this {T} @param {string} name @param {Listener} listener @returns {T} */
    on(name, listener) {
      emitter.add(name, listener, false);
      return this;
    },
    /** @template T @this {T} @param {string} name @param {Listener} listener @returns {T} */
    once(name, listener) {
      emitter.add(name, listener, true);
      return this;
    },
    /** @template T @this {T} @param {string} name @param {Listener} [listener] @returns {T} */
    off(name, listener) {
      emitter.remove(name, listener);
      return this;
    },
  };
}
