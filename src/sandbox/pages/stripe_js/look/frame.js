// A frame of our own inside the page, as at Stripe: the page's styles do not reach the fields, and tests written for
// Stripe find them by frame name, title and input name. The frame is of the page's origin, so no messages are needed.

/**
 * @typedef {{ title: string, name: string, styles: () => string,
 *   build: (document: Document) => HTMLElement }} FrameOptions
 */

const framePaddingPx = 4; // Room for focus rings, which would else be cut off; the frame hangs out by as much.

/** @param {FrameOptions} options */
export function createFrame(options) {
  const frame = document.createElement("iframe");
  /** @type {CSSStyleSheet | null} */
  let sheet = null;
  /** @type {ResizeObserver | null} */
  let observer = null;
  frame.title = options.title;
  frame.name = options.name;
  frame.setAttribute("scrolling", "no");
  frame.setAttribute("allowtransparency", "true");
  Object.assign(frame.style, {
    border: "0",
    margin: `-${framePaddingPx}px`,
    padding: "0",
    width: `calc(100% + ${framePaddingPx * 2}px)`,
    minWidth: "100%",
    maxWidth: "none",
    display: "block",
    overflow: "hidden",
    colorScheme: "light",
    height: "24px",
  });
  // Not about:blank: Firefox replaces that document after it was filled.
  frame.srcdoc = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Fields</title></head></html>';

  // Moving the frame in the page loads it anew; the entry keeps what was typed, and this fills it again.
  frame.addEventListener("load", () => {
    const inner = frame.contentDocument;
    const view = inner?.defaultView;
    if (!inner || !view) return;
    inner.title = options.title;
    // A constructed sheet, because a page's style-src does not apply to it.
    sheet = new view.CSSStyleSheet();
    inner.adoptedStyleSheets = [sheet];
    restyle();
    rebuild();
  });

  /** What was typed is in the entry and comes back with the new fields. */
  function rebuild() {
    const inner = frame.contentDocument;
    const view = inner?.defaultView;
    if (!inner || !view || !sheet) return;
    const root = options.build(inner);
    inner.body.replaceChildren(root);
    observer?.disconnect();
    observer = new view.ResizeObserver(() => {
      const height = Math.ceil(root.getBoundingClientRect().height) + framePaddingPx * 2;
      frame.style.height = `${height}px`;
    });
    observer.observe(root);
  }

  function restyle() {
    sheet?.replaceSync(options.styles());
  }

  return { frame, restyle, rebuild };
}
