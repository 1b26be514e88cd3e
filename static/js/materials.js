// Putting files with an activity: the length of a clip is read from the file before it is sent, and filled in.

for (const form of document.querySelectorAll("form[data-material=clip]")) {
  const { file, seconds } = form.elements;
  file.addEventListener("change", () => {
    const [chosen] = file.files;
    if (!chosen || !seconds) return;
    const video = document.createElement("video");
    const address = URL.createObjectURL(chosen);
    const done = () => URL.revokeObjectURL(address);
    video.preload = "metadata";
    video.addEventListener("loadedmetadata", () => {
      if (Number.isFinite(video.duration)) seconds.value = Math.max(1, Math.round(video.duration));
      done();
    });
    video.addEventListener("error", done); // not a film that this browser plays: it can be typed
    video.src = address;
  });
}
