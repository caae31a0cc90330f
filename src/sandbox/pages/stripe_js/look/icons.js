// Small drawings made node by node: no markup strings, so that a page with Trusted Types keeps working.

const svgNamespace = "http://www.w3.org/2000/svg";

/**
 * @param {Document} document @param {string} name @param {Record<string, string | number>} attributes
 * @param {Node[]} [children]
 */
function svgNode(document, name, attributes, children = []) {
  const node = document.createElementNS(svgNamespace, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}

/**
 * Fill, and the word or the shapes upon it.
 * @type {Record<string, { fill: string, word?: string, ink?: string, size?: number }>}
 */
const badges = {
  visa: { fill: "#1434cb", word: "VISA", ink: "#ffffff", size: 8 },
  mastercard: { fill: "#252525" },
  amex: { fill: "#0067b0", word: "AMEX", ink: "#ffffff", size: 7 },
  discover: { fill: "#ffffff", word: "DISC", ink: "#b5510a", size: 7 },
  diners: { fill: "#ffffff", word: "DINERS", ink: "#0b5a9d", size: 5 },
  jcb: { fill: "#0b7a3e", word: "JCB", ink: "#ffffff", size: 8 },
  unionpay: { fill: "#01737d", word: "UPay", ink: "#ffffff", size: 7 },
};

/**
 * The badge of a brand, 24 by 16; an outline of a card for an unknown one.
 * @param {Document} document @param {string} brand
 */
export function brandIcon(document, brand) {
  const badge = badges[brand];
  const outline = { x: 0.5, y: 0.5, width: 23, height: 15, rx: 2.5 };
  const children = badge
    ? [svgNode(document, "rect", { ...outline, fill: badge.fill, stroke: "#0000001f" })]
    : [
        svgNode(document, "rect", { ...outline, fill: "none", stroke: "currentColor" }),
        svgNode(document, "rect", { x: 0.5, y: 4, width: 23, height: 3, fill: "currentColor" }),
        svgNode(document, "rect", { x: 3, y: 10, width: 6, height: 2, fill: "currentColor" }),
      ];
  if (badge?.word) children.push(word(document, badge.word, badge.ink ?? "#000", badge.size ?? 7));
  if (brand === "mastercard") {
    children.push(svgNode(document, "circle", { cx: 9.5, cy: 8, r: 4.5, fill: "#eb001b" }));
    children.push(svgNode(document, "circle", { cx: 14.5, cy: 8, r: 4.5, fill: "#f79e1b", "fill-opacity": 0.85 }));
  }
  return picture(document, "Icon", "0 0 24 16", children);
}

/** The card's back with its code, for the CVC field. @param {Document} document */
export function cvcIcon(document) {
  return picture(document, "Icon Icon--cvc", "0 0 24 16", [
    svgNode(document, "rect", { x: 0.5, y: 0.5, width: 23, height: 15, rx: 2.5, fill: "none", stroke: "currentColor" }),
    svgNode(document, "rect", { x: 0.5, y: 3, width: 23, height: 3, fill: "currentColor" }),
    svgNode(document, "rect", { x: 12, y: 8.5, width: 9, height: 4.5, rx: 2.25, fill: "currentColor" }),
  ]);
}

/** The arrow of the country list, whose own one the styles take away. @param {Document} document */
export function chevronIcon(document) {
  const stroke = { fill: "none", stroke: "currentColor", "stroke-width": 1.5, "stroke-linecap": "round" };
  return picture(document, "Icon", "0 0 12 12", [svgNode(document, "path", { d: "M2.5 4.5 6 8l3.5-3.5", ...stroke })]);
}

/** @param {Document} document @param {string} className @param {string} viewBox @param {Node[]} children */
function picture(document, className, viewBox, children) {
  const [, , width, height] = viewBox.split(" ");
  const attributes = { class: className, viewBox, width: width ?? 24, height: height ?? 16, "aria-hidden": "true" };
  return svgNode(document, "svg", { ...attributes, focusable: "false" }, children);
}

/** @param {Document} document @param {string} text @param {string} ink @param {number} size */
function word(document, text, ink, size) {
  const node = svgNode(document, "text", {
    x: 12,
    y: 8 + size * 0.36,
    fill: ink,
    "font-size": size,
    "font-family": "Arial, Helvetica, sans-serif",
    "font-weight": 700,
    "text-anchor": "middle",
  });
  node.textContent = text;
  return node;
}
