// Window desk: what a condition hides, quick answers, readers that type.  Pages are complete without it.

const radiosOf = (form, name) => [...form.elements].filter((item) => item.type === "radio" && item.name === name);

const valueOf = (form, name) => {
  const radios = radiosOf(form, name);
  if (radios.length) return radios.find((radio) => radio.checked)?.value ?? "";
  return form.elements[name]?.value ?? null;
};

// A section without a question to ask has no heading to show.
function fold(form) {
  for (const section of form.querySelectorAll("[data-section]")) {
    section.hidden = [...section.querySelectorAll("[data-row]")].every((row) => row.hidden);
  }
}

// What stands in a hidden part is not an answer.
const isHidden = (form, name) => form.querySelector(`[name="${name}"]`)?.closest("[data-when]")?.hidden ?? false;

// A part with data-when is shown while the named field of its form has one of the answers in data-answers.
function follow(form) {
  for (const part of form.querySelectorAll("[data-when]")) {
    const value = isHidden(form, part.dataset.when) ? "" : valueOf(form, part.dataset.when);
    if (value !== null) part.hidden = !part.dataset.answers.split(" ").includes(value);
  }
  fold(form);
}

for (const form of document.querySelectorAll("form")) {
  if (!form.querySelector("[data-when]")) continue;
  form.addEventListener("change", () => follow(form));
  follow(form);
}

const stops = (form) => [...form.elements].filter((item) => !item.matches("fieldset, [type=hidden]") && !item.disabled && item.offsetParent !== null);

function focusAfter(item) {
  const form = item.form;
  const rest = stops(form);
  const next = rest.slice(rest.indexOf(item) + 1).find((other) => other.name !== item.name);
  if (!next) return;
  (radiosOf(form, next.name).find((radio) => radio.checked) ?? next).focus();
}

// The first thing still to be answered is where the cursor waits; Escape leaves a field, so that shortcuts work again.
function unanswered(item) {
  if (item.type !== "radio") return item.value === "";
  return !radiosOf(item.form, item.name).some((radio) => radio.checked);
}

const part = document.querySelector("[data-start]");
if (part && !document.querySelector("[data-focus-first]")) {
  [...part.querySelectorAll("input:not([type=hidden], [type=file]), select, textarea")].find((item) => item.offsetParent !== null && unanswered(item))?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target instanceof HTMLElement && event.target.matches("input, select, textarea")) event.target.blur();
});

document.addEventListener("keydown", (event) => {
  const item = event.target;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!(item instanceof HTMLInputElement)) return;
  // A card reader types the number and ends with Enter: that is the next field, not the end of the form.
  if (event.key === "Enter" && item.dataset.enter === "next") {
    event.preventDefault();
    focusAfter(item);
  }
  // Y and N answer a question of yes and no, and go on to the next.
  if (item.type === "radio" && "yesNo" in item.dataset && document.documentElement.dataset.keys !== "off") {
    const answer = { y: "yes", n: "no" }[event.key.toLowerCase()];
    const radios = radiosOf(item.form, item.name);
    const radio = answer && radios.find((other) => other.value === answer);
    if (!radio) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    focusAfter(radios[radios.length - 1]);
  }
}, true);

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Page after page with the document camera: it opens again by itself after each one.
document.querySelector("[data-autostart] [data-start]")?.click();

// Looking for a service: Enter takes the first one found, the arrows go through them.
const finder = document.querySelector("input[name=find]");
const foundServices = () => [...document.querySelectorAll("#found-services button")];
finder?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  const isCurrent = document.querySelector("#found-services [data-found]")?.dataset.found === finder.value.trim();
  (isCurrent && foundServices()[0] || finder.form.querySelector("button[value=find]")).click();
});
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const stops = [finder, ...foundServices()];
  const at = stops.indexOf(event.target);
  if (!step || !finder || at === -1 || event.isComposing) return;
  event.preventDefault();
  stops[Math.max(0, Math.min(stops.length - 1, at + step))].focus();
});

// Another service has another form: ask for it as the button beside the list does.
const service = document.querySelector("select[name=item_number]");
service?.addEventListener("change", () => service.form.requestSubmit(service.form.querySelector("button[value=item]")));
