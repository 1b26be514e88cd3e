// Runs before the first paint, so that a reader's own theme never flashes the other one.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is closed in some private windows: the system's theme is shown.
}
