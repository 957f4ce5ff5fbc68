"use strict";
// Without scripts the page is complete: tables in the order of the data, figures beside it as SVG files.
(function () {
  function button(text, label, act) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "tool";
    made.textContent = text;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  }
  function save(blob, name) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  // Sorting: the headings become buttons.
  function key(row, column) {
    var cell = row.cells[column];
    if (!cell) return null;
    if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
    return cell.classList.contains("n") ? null : cell.textContent;
  }
  function compare(a, b) {
    if (a === null || b === null) return (a === null) - (b === null);
    return typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true });
  }
  function sortable(table) {
    var body = table.tBodies[0];
    var headings = Array.from(table.tHead.rows[0].cells);
    headings.forEach(function (heading, column) {
      var made = document.createElement("button");
      made.type = "button";
      made.append.apply(made, Array.from(heading.childNodes));
      heading.append(made);
      heading.setAttribute("aria-sort", "none");
      made.addEventListener("click", function () {
        var direction = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        headings.forEach(function (other) { other.setAttribute("aria-sort", "none"); });
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
  }

  // Tables as CSV: numbers as numbers, an interval "1 [0, 2]" as three columns.
  function plain(text) { return text.replace(/\u2212/g, "-").replace(/\u202F/g, "").trim(); }
  function ends(cell) {
    var found = cell.classList.contains("n") && /\[([^,\]]+), ([^\]]+)\]/.exec(plain(cell.textContent));
    return found ? [found[1], found[2]] : null;
  }
  function value(cell) {
    if (cell.dataset.v !== undefined) return cell.dataset.v;
    var text = plain(cell.textContent);
    if (cell.classList.contains("n")) return text === "\u2013" ? "" : text;
    // A spreadsheet would run a text that begins like a formula.
    return /^[=+\-@\t\r]/.test(text) && isNaN(Number(text)) ? "'" + text : text;
  }
  function quoted(text) { return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text; }
  function csv(table) {
    var rows = Array.from(table.tBodies[0].rows);
    var lines = [[]].concat(rows.map(function () { return []; }));
    Array.from(table.tHead.rows[0].cells).forEach(function (heading, column) {
      var name = value(heading);
      var wide = rows.some(function (row) { return row.cells[column] && ends(row.cells[column]); });
      lines[0].push(name);
      if (wide) lines[0].push(name + " lower", name + " upper");
      rows.forEach(function (row, position) {
        var cell = row.cells[column];
        lines[position + 1].push(cell ? value(cell) : "");
        if (wide) lines[position + 1].push.apply(lines[position + 1], (cell && ends(cell)) || ["", ""]);
      });
    });
    return lines.map(function (line) { return line.map(quoted).join(",") + "\r\n"; }).join("");
  }

  // Figures as SVG, and as PNG of 300 points per inch at the width of a page column or of a page.
  function picture(figure) {
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + new XMLSerializer().serializeToString(figure);
  }
  function png(figure, name) {
    var scale = 3;
    var image = new Image();
    image.onload = function () {
      var canvas = document.createElement("canvas");
      canvas.width = figure.width.baseVal.value * scale;
      canvas.height = figure.height.baseVal.value * scale;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(function (blob) { save(blob, name + ".png"); }, "image/png");
    };
    var copy = figure.cloneNode(true);
    copy.setAttribute("width", figure.width.baseVal.value * scale);
    copy.setAttribute("height", figure.height.baseVal.value * scale);
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(picture(copy));
  }

  document.querySelectorAll("table.sortable").forEach(sortable);
  document.querySelectorAll(".scroll").forEach(function (box, position) {
    var table = box.querySelector("table");
    var about = table.caption.textContent;
    var section = box.closest("section").id;
    var tools = document.createElement("p");
    tools.className = "tools";
    tools.append(button("CSV", "Save as CSV: " + about, function () {
      save(new Blob(["\uFEFF", csv(table)], { type: "text/csv" }), section + "-" + (position + 1) + ".csv");
    }));
    box.after(tools);
  });
  document.querySelectorAll("figure[data-name]").forEach(function (figure) {
    var name = figure.dataset.name;
    var svg = figure.querySelector("svg");
    var about = svg.querySelector("title").textContent;
    var tools = document.createElement("p");
    tools.className = "tools";
    tools.append(
      button("SVG", "Save as SVG: " + about, function () {
        save(new Blob([picture(svg)], { type: "image/svg+xml" }), name + ".svg");
      }),
      button("PNG", "Save as PNG: " + about, function () { png(svg, name); })
    );
    figure.append(tools);
  });
  // A link to one person opens that person's page.
  function open() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") {
      target.open = true;
      target.scrollIntoView();
    }
  }
  addEventListener("hashchange", open);
  open();
})();
