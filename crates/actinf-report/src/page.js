"use strict";
// Sorting of tables: the headings become buttons. Without scripts the tables are complete, in the order of the data.
document.querySelectorAll("table.sortable").forEach(function (table) {
  var body = table.tBodies[0];
  var headings = Array.from(table.tHead.rows[0].cells);
  function key(row, column) {
    var cell = row.cells[column];
    if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
    return cell.classList.contains("n") ? null : cell.textContent;
  }
  function compare(a, b) {
    if (a === null || b === null) return (a === null) - (b === null);
    return typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true });
  }
  headings.forEach(function (heading, column) {
    var button = document.createElement("button");
    button.type = "button";
    button.append.apply(button, Array.from(heading.childNodes));
    heading.append(button);
    button.addEventListener("click", function () {
      var direction = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      headings.forEach(function (other) { other.removeAttribute("aria-sort"); });
      heading.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
      Array.from(body.rows)
        .map(function (row) { return { row: row, key: key(row, column) }; })
        .sort(function (a, b) {
          if (a.key === null || b.key === null) return compare(a.key, b.key);
          return direction * compare(a.key, b.key);
        })
        .forEach(function (entry) { body.append(entry.row); });
    });
  });
});
