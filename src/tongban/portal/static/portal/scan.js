// Scan the code with the device's camera where the browser can read one.  Pasting the text works without this.

const TICK_MS = 250;
const form = document.querySelector("form[data-scan]");
const canRead = "BarcodeDetector" in window && Boolean(navigator.mediaDevices?.getUserMedia);

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

function parts() {
  const shot = element("div", "shot");
  const live = element("video", "shot__live");
  live.muted = true;
  live.playsInline = true;
  live.setAttribute("aria-label", "摄像头画面");
  const words = element("p", "shot__words");
  words.setAttribute("role", "status");
  const start = element("button", "button button--quiet", "用摄像头扫一扫");
  start.type = "button";
  shot.append(start, live, words);
  return { shot, live, words, start };
}

async function scan({ live, words, start }, input) {
  start.disabled = true;
  const reader = new window.BarcodeDetector({ formats: ["qr_code"] });
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    words.textContent = "摄像头打不开。请在浏览器里允许使用摄像头，或者把文字粘贴到下面。";
    start.disabled = false;
    return;
  }
  live.srcObject = stream;
  live.classList.add("shot__live--on");
  await live.play();
  words.textContent = "把二维码放到画面中间，别太远，别反光。";
  const timer = setInterval(async () => {
    const found = await reader.detect(live).catch(() => []);
    const code = found.find((one) => one.rawValue.startsWith("TB1:"));
    if (found.length && !code) words.textContent = "这不是证书上的二维码，请换一个。";
    if (!code) return;
    clearInterval(timer);
    stream.getTracks().forEach((track) => track.stop());
    live.classList.remove("shot__live--on");
    words.textContent = "扫到了，正在验。";
    input.value = code.rawValue;
    form.requestSubmit();
  }, TICK_MS);
}

if (form && canRead) {
  const made = parts();
  const input = form.querySelector("textarea");
  form.prepend(made.shot);
  made.start.addEventListener("click", () => scan(made, input));
}
