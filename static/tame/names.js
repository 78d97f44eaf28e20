"use strict";
// Shows where real books would go while the folders of a book are being typed.
document.addEventListener("DOMContentLoaded", () => {
  const typed = document.getElementById("id_template");
  const shown = document.querySelector("[data-names-url]");
  if (!typed || !shown) return;
  const rows = shown.querySelector("tbody"), trouble = shown.querySelector("[data-names-error]");
  let timer, asked = 0;

  function row(title, folder) {
    const line = document.createElement("tr"), head = document.createElement("th");
    head.scope = "row";
    head.textContent = title;
    line.append(head, Object.assign(document.createElement("td"), {className: "tame-long", textContent: folder}));
    return line;
  }

  async function look() {
    const mine = ++asked;
    const question = new URLSearchParams({template: typed.value});
    const answer = await fetch(`${shown.dataset.namesUrl}?${question}`, {redirect: "error"});
    if (!answer.ok || mine !== asked) return;
    const now = await answer.json();
    trouble.textContent = now.error ?? "";
    trouble.hidden = !now.error;
    if (now.names) rows.replaceChildren(...now.names.map(([title, folder]) => row(title, folder)));
    shown.hidden = !now.error && !rows.children.length;
  }

  typed.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => look().catch(() => {}), 300);
  });
  if (shown.hidden) look().catch(() => {});
});
