"use strict";
// Names each cell of a list by its column, for where a row is drawn as a card, and marks long ones.
{
  const LONG = 30, table = document.getElementById("result_list");
  const names = [...table?.tHead.rows[0].cells ?? []].map(
    head => head.querySelector(".text:not(:has(input))")?.textContent.trim());
  for (const row of table?.tBodies[0].rows ?? [])
    for (const [place, cell] of [...row.cells].entries()) {
      if (cell.tagName === "TD" && names[place]) cell.dataset.label = names[place];
      const text = cell.textContent.trim();
      if (text.length > LONG) cell.classList.add("tame-long");
      if (!cell.firstElementChild && (text === "" || text === "-")) cell.classList.add("tame-none");
    }
}
