// Runs before the page is drawn, so that a remembered choice shows no flash of the other theme.
(() => {
  try {
    const theme = localStorage.getItem("reckon-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is not allowed here: the system's choice holds.
  }
  document.documentElement.classList.add("js");
})();
