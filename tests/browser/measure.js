"use strict";
// Run beside frames of many widths, each with a page: writes what is wrong with them into #faults.
addEventListener("load", () => {
  const faults = [];
  const shown = node => node.getClientRects().length > 0;

  function isTorn(text, word) {
    const range = text.ownerDocument.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    const lines = [...range.getClientRects()].filter(box => box.width > 1).map(box => Math.round(box.top));
    return Math.max(...lines) - Math.min(...lines) > 6;
  }

  function* torn(page) {
    for (const cell of page.querySelectorAll(".tame-cards td:not(:first-child, .tame-long), #result_list td:not(.tame-long)")) {
      const texts = page.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      while (texts.nextNode())
        for (const word of texts.currentNode.data.matchAll(/[\p{L}\p{N}]{2,}/gu))
          if (shown(cell) && isTorn(texts.currentNode, word)) yield word[0];
    }
  }

  function* nameless(page) {
    for (const field of page.querySelectorAll("input:not([type=hidden], [type=submit]), select, textarea"))
      if (shown(field) && !field.getAttribute("aria-label") && !field.labels.length) yield field.name;
  }

  function* hidden(page) {
    for (const box of page.querySelectorAll(".form-row"))
      if (box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX === "hidden") yield box.className;
  }

  for (const frame of document.querySelectorAll("iframe")) {
    const page = frame.contentDocument, say = fault => faults.push(`${frame.dataset.page} at ${frame.width}: ${fault}`);
    const over = page.documentElement.scrollWidth - frame.width;
    if (over > 0) say(`${over} pixels too wide`);
    for (const word of torn(page)) say(`“${word}” is torn`);
    for (const name of nameless(page)) say(`${name} has no label`);
    for (const row of hidden(page)) say(`${row} hides a part`);
    const ids = [...page.querySelectorAll("[id]")].map(node => node.id);
    for (const id of new Set(ids.filter((one, place) => ids.indexOf(one) !== place))) say(`#${id} is there twice`);
  }
  document.getElementById("faults").textContent = JSON.stringify(faults);
});
