"use strict";
// Run beside frames, each with a page: writes into #faults what keeps people from reading or using
// them without a mouse.
addEventListener("load", () => {
  const faults = [];
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const shown = node => node.getClientRects().length > 0 && node.checkVisibility({visibilityProperty: true});
  const styleOf = node => node.ownerDocument.defaultView.getComputedStyle(node);

  // --- Names ---------------------------------------------------------------------------------

  const spoken = node => [...node.childNodes].map(child => child.nodeType === Node.TEXT_NODE ? child.data
    : child.nodeType === Node.ELEMENT_NODE ? child.getAttribute("aria-label") ?? child.getAttribute("alt") ?? spoken(child) : "").join(" ").trim();

  function nameOf(node) {
    const by = (node.getAttribute("aria-labelledby") ?? "").split(" ").map(id => node.ownerDocument.getElementById(id));
    const texts = by.filter(Boolean).map(one => one.getAttribute("aria-label") ?? spoken(one)).join(" ").trim();
    if (texts || node.getAttribute("aria-label")) return texts || node.getAttribute("aria-label");
    const labels = [...node.labels ?? []].map(spoken).join(" ").trim();
    return labels || (/submit|button/.test(node.type) && node.value) || spoken(node) || node.title;
  }

  // --- Colours -------------------------------------------------------------------------------

  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});

  function rgba(colour) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  }

  const over = ([r, g, b, a], below) => [r, g, b].map((one, at) => one * a + below[at] * (1 - a));

  function behind(node) {
    if (!node) return [255, 255, 255];
    const colour = rgba(styleOf(node).backgroundColor);
    return colour[3] === 1 ? colour.slice(0, 3) : over(colour, behind(node.parentElement));
  }

  function opacityOf(node) {
    return node ? styleOf(node).opacity * opacityOf(node.parentElement) : 1;
  }

  function light(colour) {
    const [r, g, b] = colour.map(one => one / 255).map(one => one <= .04045 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  }

  function contrast(node) {
    const below = behind(node), colour = rgba(styleOf(node).color);
    colour[3] *= opacityOf(node);
    const [dark, bright] = [light(over(colour, below)), light(below)].sort((a, b) => a - b);
    return (bright + .05) / (dark + .05);
  }

  function isLarge(node) {
    const s = styleOf(node), size = parseFloat(s.fontSize);
    return size >= 24 || size >= 18.66 && s.fontWeight >= 700;
  }

  function* faint(page) {
    for (const node of page.querySelectorAll("[class*=tame-], [class*=tame-] *")) {
      const says = [...node.childNodes].some(child => child.nodeType === Node.TEXT_NODE && child.data.trim());
      if (says && shown(node) && contrast(node) < (isLarge(node) ? 3 : 4.5))
        yield `“${node.textContent.trim().slice(0, 30)}” (${node.className || node.tagName}) has a contrast of ${contrast(node).toFixed(2)}`;
    }
  }

  // --- Focus ---------------------------------------------------------------------------------

  function look(node) {
    const s = styleOf(node), ring = s.outlineStyle === "none" || parseFloat(s.outlineWidth) === 0 ? "" : s.outlineColor + s.outlineWidth;
    return [ring, s.boxShadow, s.borderColor, s.backgroundColor, s.textDecorationLine].join();
  }

  function hidesFocus(node) {
    const before = look(node);
    node.focus({focusVisible: true, preventScroll: true});
    const is = node.ownerDocument.activeElement === node, after = look(node);
    node.blur();
    return is && before === after;
  }

  // --- All of it -----------------------------------------------------------------------------

  function* wrong(page) {
    const controls = [...page.querySelectorAll(CONTROLS)].filter(node => shown(node) && !node.disabled);
    const told = node => `${node.tagName} ${node.id || node.name || node.className || node.getAttribute("href")}`;
    // A chooser shows its focus by its own script, which a frame in the background does not run.
    for (const node of controls) {
      if (!nameOf(node)) yield `${told(node)} has no name`;
      if (node.tabIndex > 0) yield `${told(node)} is out of order`;
      if (!node.matches(".select2-selection") && hidesFocus(node)) yield `${told(node)} does not show that it has the focus`;
    }
    for (const node of page.querySelectorAll("img:not([alt])")) yield `${node.src} says nothing to who cannot see it`;
    let level = 0;
    for (const head of [...page.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(shown)) {
      const own = Number(head.tagName[1]);
      if (own > level + 1) yield `“${head.textContent.trim().slice(0, 30)}” is h${own} below h${level}`;
      level = own;
    }
    yield* faint(page);
  }

  // Without the transitions of the admin, in which a colour is still the old one.
  function show(page, theme) {
    page.head.append(Object.assign(page.createElement("style"), {textContent: "* { transition: none !important; }"}));
    page.documentElement.dataset.theme = theme;
  }

  // A moment later, as the scripts of the admin do some of their work.
  setTimeout(() => {
    for (const frame of document.querySelectorAll("iframe")) say(frame);
    document.getElementById("faults").textContent = JSON.stringify(faults);
  }, 500);

  function say(frame) {
    show(frame.contentDocument, frame.dataset.theme);
    for (const fault of wrong(frame.contentDocument)) faults.push(`${frame.dataset.page} at ${frame.width}, ${frame.dataset.theme}: ${fault}`);
  }
});
