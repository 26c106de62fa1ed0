// Runs before anything is painted: the colours that the reader has chosen, else those of the system.
(() => {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  root.classList.add('scripted');

  const remembered = () => {
    try {
      return localStorage.getItem('plinth-docs-theme');
    } catch {
      return null;
    }
  };
  const remember = (theme) => {
    try {
      localStorage.setItem('plinth-docs-theme', theme);
    } catch {
      // The choice then lasts as long as the page.
    }
  };
  const shown = () => root.dataset.theme || (dark.matches ? 'dark' : 'light');
  const chosen = remembered();
  if (chosen === 'dark' || chosen === 'light') {
    root.dataset.theme = chosen;
  }

  document.addEventListener('DOMContentLoaded', () => {
    const button = document.querySelector('.theme');
    const tell = () => button.setAttribute('aria-pressed', String(shown() === 'dark'));
    button.hidden = false;
    tell();
    dark.addEventListener('change', tell);
    button.addEventListener('click', () => {
      root.dataset.theme = shown() === 'dark' ? 'light' : 'dark';
      remember(root.dataset.theme);
      tell();
    });
  });
})();
