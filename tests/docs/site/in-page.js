// Run inside every page that the tests open: what can be asked of it.
globalThis.inPage = {
  links: () =>
    [...document.querySelectorAll('a[href]')].map(
      (link) => new URL(link.getAttribute('href'), location.href).href,
    ),

  ids: () => [...document.querySelectorAll('[id]')].map(({ id }) => id),

  background: () => getComputedStyle(document.body).backgroundColor,

  headingLevels: () => [...document.querySelectorAll('h1,h2,h3')].map(({ tagName }) => Number(tagName[1])),

  /** What can be used or listened to, and has nothing that says what it is. */
  nameless: () =>
    [...document.querySelectorAll('button, main a, input, nav, [role=region], svg')]
      .filter(
        (element) =>
          !element.getAttribute('aria-label') &&
          !element.textContent.trim() &&
          !document.querySelector(`label[for="${element.id}"]`),
      )
      .map(({ outerHTML }) => outerHTML),

  /**
   * The text that stands out least from what is behind it, with its contrast as WCAG 2 counts it. Pictures are left
   * out: their colours lie on shapes, not on backgrounds.
   */
  leastContrast: () => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgba = (colour) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = (colour) => {
      const [red, green, blue] = colour.slice(0, 3).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (element) => {
      const own = element ? rgba(getComputedStyle(element).backgroundColor) : [255, 255, 255, 255];
      return own[3] === 255 || element === null ? own : behind(element.parentElement);
    };
    let least = { ratio: Number.POSITIVE_INFINITY, text: '' };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      const isShown = !parent.closest('svg, script, [hidden]') && parent.getClientRects().length > 0;
      if (node.textContent.trim() && isShown) {
        const lights = [luminance(rgba(getComputedStyle(parent).color)), luminance(behind(parent))];
        const ratio = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
        if (ratio < least.ratio) {
          least = { ratio, text: node.textContent.trim() };
        }
      }
    }
    return least;
  },
};
