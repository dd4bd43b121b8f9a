// Runs before the first paint, so that a light page never flashes dark. Must be a file: the CSP allows no inline script.
// The rule is src/app/appearance.ts's: where footage is judged it is dark, unless the person chose.
(function () {
  var choice = null;
  try { choice = localStorage.getItem("rushes.theme"); } catch { /* storage may be blocked: nobody has chosen */ }
  var judged = choice !== "system" && /^\/p\/[^/]+\/(quality(\/|$)|label(\/|$)|videos\/[^/]+)/.test(location.pathname);
  var light = choice === "light" || (choice !== "dark" && !judged && matchMedia("(prefers-color-scheme: light)").matches);
  document.documentElement.dataset.theme = light ? "light" : "dark";
})();
