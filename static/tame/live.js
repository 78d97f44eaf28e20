"use strict";
// Asks every few seconds what has changed, as long as something moves and the page is looked at.
{
  const FIRST = 3000, LAST = 60000;
  let wait = FIRST, timer, stamp;

  function show(row) {
    for (const cell of document.querySelectorAll(`[data-live][data-id="${row.id}"]`)) {
      const kind = cell.dataset.live;
      if (kind === "progress") cell.value = row.percent;
      else if (kind === "state") {
        cell.textContent = row.label;
        cell.className = "tame-state tame-" + row.state;
      } else cell.textContent = kind === "percent" ? row.percent + " %" : row[kind];
    }
  }

  const called = node => node.getAttribute("aria-label") ?? node.textContent.trim();

  // What a person has opened there stays open, and who stands on a button stays on it.
  function takeOver(old, part) {
    const at = old.contains(document.activeElement) ? called(document.activeElement) : null;
    const opened = [...old.querySelectorAll("details[open] > summary")].map(called);
    for (const summary of part.querySelectorAll("summary"))
      if (opened.includes(called(summary))) summary.parentElement.open = true;
    old.replaceWith(part);
    if (at !== null)
      [...part.querySelectorAll("a, button, summary")].find(one => called(one) === at)?.focus();
  }

  // What a row cannot say: fetch the page again and take over its marked parts. Whatever a person
  // has typed or ticked elsewhere stays.
  async function renew() {
    const answer = await fetch(location.href, {redirect: "error"});
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of page.querySelectorAll("[data-live-part]")) {
      const old = document.querySelector(`[data-live-part="${part.dataset.livePart}"]`);
      if (old) takeOver(old, part);
    }
  }

  async function look() {
    clearTimeout(timer);
    const at = document.querySelector("[data-live-url]");
    if (!at || document.hidden) return;
    const ids = [...document.querySelectorAll("[data-live=state]")].map(cell => cell.dataset.id);
    let busy = true;
    try {
      const answer = await fetch(`${at.dataset.liveUrl}?ids=${ids}`, {redirect: "error"});
      if (!answer.ok) throw new Error(answer.status);
      const now = await answer.json();
      now.rows.forEach(show);
      stamp ??= at.dataset.liveStamp ?? now.stamp;
      if (now.stamp !== stamp) await renew();
      [stamp, busy, wait] = [now.stamp, now.busy, FIRST];
    } catch {
      wait = Math.min(wait * 2, LAST);
    }
    if (busy) timer = setTimeout(look, wait);
  }

  document.addEventListener("visibilitychange", look);
  document.addEventListener("DOMContentLoaded", look);
}
