// The device camera fills the ordinary file input with a JPEG; where there is none, the input stays as it is.

const QUALITY = 0.92;
const LONGEST_SIDE = 2400;

function still(video, canvas) {
  const shrink = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
  canvas.width = Math.round(video.videoWidth * shrink);
  canvas.height = Math.round(video.videoHeight * shrink);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
}

function keep(canvas, input, then) {
  canvas.toBlob((blob) => {
    const files = new DataTransfer();
    files.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    then();
  }, "image/jpeg", QUALITY);
}

function start(field) {
  const part = (selector) => field.querySelector(selector);
  const [video, canvas, words] = [part("video"), part("canvas"), part(".shot__words")];
  const [open, take, again] = [part("[data-start]"), part("[data-take]"), part("[data-again]")];
  const show = (live, taken) => {
    video.classList.toggle("shot__live--on", live);
    canvas.hidden = !taken;
    open.hidden = live || taken;
    take.hidden = !live;
    again.hidden = !taken;
  };
  const stop = () => video.srcObject?.getTracks().forEach((track) => track.stop());
  const run = async () => {
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: field.dataset.facing, width: { ideal: 2400 } } });
      await video.play();
      words.textContent = "";
      show(true, false);
      take.focus();
    } catch {
      words.textContent = "打不开摄像头。请允许使用摄像头，或在下面选择一张照片。";
    }
  };
  open.addEventListener("click", run);
  again.addEventListener("click", run);
  take.addEventListener("click", () => {
    still(video, canvas);
    stop();
    show(false, true);
    keep(canvas, part("input[type=file]"), () => { words.textContent = "已拍好。看得清楚就可以继续，不清楚请重拍。"; });
    again.focus();
  });
  window.addEventListener("pagehide", stop);
  part("[data-shot]").hidden = false;
}

if (navigator.mediaDevices?.getUserMedia) document.querySelectorAll("[data-camera]").forEach(start);
