// Keyboard work at the desks.  Pages are complete without it.
// j and k move through a queue, Enter opens; single letters press what carries data-key; ? lists them.
// Nothing happens while somebody types, or when shortcuts are switched off in /preferences.

const isOff = () => document.documentElement.dataset.keys === "off";

const isTyping = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit])"));

const queueRows = () => [...document.querySelectorAll("table[data-queue] tbody tr")];

function moveTo(rows, index) {
  const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
  rows.forEach((other) => { delete other.dataset.here; other.removeAttribute("tabindex"); });
  row.dataset.here = "";
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function walk(step) {
  const rows = queueRows();
  if (rows.length === 0) return false;
  const here = rows.findIndex((row) => "here" in row.dataset);
  moveTo(rows, here === -1 ? 0 : here + step);
  return true;
}

function openRow() {
  const link = document.querySelector("table[data-queue] tr[data-here] a[href]");
  if (link) link.click();
  return Boolean(link);
}

function press(letter) {
  const target = [...document.querySelectorAll("[data-key]")].find((item) => item.dataset.key.toLowerCase() === letter && item.offsetParent !== null);
  if (!target) return false;
  if (target.matches("input, select, textarea")) target.focus();
  else target.click();
  return true;
}

const wordsOf = (item) => {
  const copy = item.cloneNode(true);
  copy.querySelectorAll("kbd").forEach((kbd) => kbd.remove());
  return (copy.textContent.trim() || item.getAttribute("aria-label") || item.labels?.[0]?.textContent || "").trim();
};

function helpLines() {
  const lines = queueRows().length ? [["J", "下一行"], ["K", "上一行"], ["↵", "打开这一行"]] : [];
  document.querySelectorAll("[data-key]").forEach((item) => lines.push([item.dataset.key.toUpperCase(), wordsOf(item)]));
  document.querySelectorAll(".nav--wide a[accesskey]").forEach((item) => lines.push([`Alt+${item.accessKey}`, item.querySelector("span").textContent]));
  return lines.concat([["?", "显示这份说明"]]);
}

function showHelp() {
  document.querySelector("dialog.keys")?.remove();
  const dialog = document.createElement("dialog");
  dialog.className = "keys";
  dialog.setAttribute("aria-labelledby", "keys-title");
  const title = Object.assign(document.createElement("h2"), { id: "keys-title", textContent: "快捷键" });
  const list = document.createElement("dl");
  for (const [key, words] of helpLines()) {
    const name = document.createElement("dt");
    name.append(Object.assign(document.createElement("kbd"), { className: "key", textContent: key }));
    list.append(name, Object.assign(document.createElement("dd"), { textContent: words }));
  }
  const form = document.createElement("form");
  form.method = "dialog";
  form.append(Object.assign(document.createElement("button"), { className: "button button--quiet", textContent: "关闭" }));
  dialog.append(title, list, form);
  document.body.append(dialog);
  dialog.showModal();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (isOff() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const isOnControl = event.target instanceof HTMLElement && event.target.matches("a, button, summary, input");
  const done =
    key === "j" ? walk(1) :
    key === "k" ? walk(-1) :
    key === "enter" ? !isOnControl && openRow() :
    key === "?" ? showHelp() :
    key.length === 1 ? press(key) : false;
  if (done) event.preventDefault();
});

// A form marked data-once is sent once, however often the button is pressed; coming back makes it usable again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  form.querySelectorAll("button[type=submit]").forEach((button) => button.setAttribute("aria-disabled", "true"));
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => {
  delete form.dataset.sent;
  form.querySelectorAll("button[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
}));

// After a failed form the summary is read out first.
document.querySelector("[data-focus-first]")?.focus();
