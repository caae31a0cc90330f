// The 3-D Secure challenge over the page: a modal dialog with the bank's page in a frame. The dialog's own element
// makes the rest of the page inert, so the focus stays inside; Escape and the close button give up.

const dialogStyles = `
  dialog { width: min(100vw - 32px, 480px); height: min(100vh - 32px, 600px); padding: 0; border: 0; overflow: hidden;
    border-radius: 12px; background: #ffffff; color: #30313d; box-shadow: 0 16px 48px rgba(15, 20, 40, 0.35);
    font: 16px/1.4 -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
  dialog[open] { display: flex; flex-direction: column; }
  dialog::backdrop { background: rgba(20, 24, 40, 0.6); }
  header { flex: none; display: flex; align-items: center; justify-content: space-between; gap: 12px;
    padding: 8px 8px 8px 20px; border-bottom: 1px solid #e6e8ee; }
  h2 { margin: 0; font-size: 16px; font-weight: 600; }
  button { width: 40px; height: 40px; padding: 0; border: 0; border-radius: 8px; background: none; color: #565b6b;
    font: 24px/1 Arial, sans-serif; cursor: pointer; }
  button:hover { background: #f0f2f6; }
  button:focus-visible { outline: 2px solid #0570de; outline-offset: -2px; }
  .stage { position: relative; flex: 1 1 auto; display: flex; }
  .stage p { position: absolute; inset: 40% 0 auto; margin: 0; text-align: center; color: #5f6472; }
  iframe { position: relative; flex: 1 1 auto; width: 100%; border: 0; }
  @media (max-width: 500px) {
    dialog { width: 100vw; height: 100vh; height: 100dvh; max-width: none; max-height: none; border-radius: 0; }
  }
`;

/**
 * Shows the page at `url` and answers what became of it. The answer only says that it is over: what is true is asked
 * of the API afterwards, so a forged message gains nothing.
 * @param {{ url: string, frameName: string }} options @returns {Promise<"finished" | "abandoned">}
 */
export function showChallenge(options) {
  const { host, dialog, frame, close } = buildDialog(options);
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  document.body.append(host);
  dialog.showModal();
  return new Promise((resolve) => {
    /** @param {"finished" | "abandoned"} result */
    function end(result) {
      window.removeEventListener("message", hear);
      dialog.close();
      host.remove();
      focused?.focus();
      resolve(result);
    }
    /** @param {MessageEvent} message */
    function hear(message) {
      if (message.source !== frame.contentWindow || message.data?.type !== "3ds") return;
      end(message.data.status === "abandoned" ? "abandoned" : "finished");
    }
    window.addEventListener("message", hear);
    close.addEventListener("click", () => end("abandoned"));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      end("abandoned");
    });
  });
}

/** @param {{ url: string, frameName: string }} options */
function buildDialog({ url, frameName }) {
  const host = document.createElement("div");
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(dialogStyles);
  shadow.adoptedStyleSheets = [sheet];
  const dialog = document.createElement("dialog");
  const title = document.createElement("h2");
  title.id = "challenge-title";
  title.textContent = "Confirm it's you";
  dialog.setAttribute("aria-labelledby", title.id);
  const close = document.createElement("button");
  close.type = "button";
  close.setAttribute("aria-label", "Cancel authentication");
  close.textContent = "×";
  const waiting = document.createElement("p");
  waiting.textContent = "Connecting to your bank…";
  const frame = document.createElement("iframe");
  frame.name = frameName;
  frame.title = "3D Secure authentication";
  frame.addEventListener("load", () => {
    waiting.remove();
    // The keyboard starts where the decision is, not on the close button.
    frame.focus();
  });
  frame.src = url;
  const header = document.createElement("header");
  header.append(title, close);
  const stage = document.createElement("div");
  stage.className = "stage";
  stage.append(waiting, frame);
  dialog.append(header, stage);
  shadow.append(dialog);
  return { host, dialog, frame, close };
}
