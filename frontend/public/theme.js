// Runs before the first paint, so that a light page never flashes dark. Must be a file: the CSP allows no inline script.
(function () {
  var choice = null;
  try { choice = localStorage.getItem("rushes.theme"); } catch { /* storage may be blocked: the system decides */ }
  var light = choice === "light" || (choice !== "dark" && matchMedia("(prefers-color-scheme: light)").matches);
  document.documentElement.dataset.theme = light ? "light" : "dark";
})();
