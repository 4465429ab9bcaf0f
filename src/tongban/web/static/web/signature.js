// Writing on the screen fills the ordinary file input with a PNG; without this script or the pad library the input stays.

const LINE = { minWidth: 0.8, maxWidth: 2.8, penColor: "#101418", backgroundColor: "#ffffff" };

function fit(canvas, pad) {
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  const strokes = pad.toData();
  canvas.width = canvas.offsetWidth * ratio;
  canvas.height = canvas.offsetHeight * ratio;
  canvas.getContext("2d").scale(ratio, ratio);
  pad.clear();
  pad.fromData(strokes);
}

function keep(canvas, input, then) {
  canvas.toBlob((blob) => {
    const files = new DataTransfer();
    files.items.add(new File([blob], "signature.png", { type: "image/png" }));
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    then();
  }, "image/png");
}

function start(field, SignaturePad) {
  const area = field.querySelector("[data-pad-area]");
  const canvas = area.querySelector("canvas");
  const words = area.querySelector("[data-words]");
  const input = field.querySelector("input[type=file]");
  area.hidden = false;
  const pad = new SignaturePad(canvas, LINE);
  fit(canvas, pad);
  let width = canvas.offsetWidth;
  new ResizeObserver(() => { if (canvas.offsetWidth !== width) { width = canvas.offsetWidth; fit(canvas, pad); } }).observe(canvas);
  pad.addEventListener("endStroke", () => {
    area.classList.add("pad--signed");
    keep(canvas, input, () => { words.textContent = "已签名"; });
  });
  area.querySelector("[data-clear]").addEventListener("click", () => {
    pad.clear();
    input.value = "";
    area.classList.remove("pad--signed");
    words.textContent = "已擦掉";
  });
}

for (const field of document.querySelectorAll("[data-signature]")) {
  import(field.dataset.pad).then((pad) => start(field, pad.default), () => {});
}
