// Drop a file on the field, and see by name and size what was chosen.  The file input works without this.

const MEBIBYTE = 1024 * 1024;
const sizeOf = (file) => file.size < MEBIBYTE ? `${Math.ceil(file.size / 1024)} KB` : `${(file.size / MEBIBYTE).toFixed(1)} MB`;

for (const field of document.querySelectorAll("[data-upload]")) {
  const input = field.querySelector("input[type=file]");
  const drop = field.querySelector(".drop");
  const chosen = field.querySelector("[data-chosen]");
  const say = () => { chosen.textContent = [...input.files].map((file) => `已选择：${file.name}（${sizeOf(file)}）`).join("；"); };
  input.addEventListener("change", say);
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("drop--over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("drop--over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("drop--over");
    if (event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
