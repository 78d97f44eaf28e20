"use strict";
// Names what Django leaves without a name: the cells of the rows below a form, for where a row is
// drawn as a card, and the boxes to choose from by typing.
{
  const HIDDEN = "td.original, td.hidden";

  function nameCells(table) {
    const names = [...table.tHead?.rows[0].cells ?? []].map(head => head.textContent.trim());
    for (const row of table.tBodies[0]?.querySelectorAll("tr.form-row") ?? [])
      for (const [place, cell] of [...row.cells].entries())
        if (!cell.matches(HIDDEN) && cell.children.length) cell.dataset.label = names[place];
  }

  function nameChooser(box) {
    const select = box.closest(".select2-container")?.previousElementSibling;
    const name = select?.labels?.[0] ?? select;
    const chosen = box.querySelector(".select2-selection__rendered");
    if (!name || !chosen) return;
    name.id ||= `${select.id}_label`;
    box.setAttribute("aria-labelledby", `${name.id} ${chosen.id}`);
  }

  function look() {
    document.querySelectorAll(".tabular table").forEach(nameCells);
    document.querySelectorAll(".select2-selection").forEach(nameChooser);
  }

  // Django's own scripts make what is named here, a moment after either.
  const soon = () => setTimeout(look);
  addEventListener("load", soon);
  document.addEventListener("formset:added", soon);
}
