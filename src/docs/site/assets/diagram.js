// The diagram of the whole: as wide as the page at first, larger and smaller by buttons and keys, moved by scrolling
// and dragging. Turning the wheel scrolls the page as everywhere; with Ctrl it zooms.
(() => {
  const whole = document.querySelector('.whole');
  if (!whole) {
    return;
  }
  const view = whole.querySelector('.view');
  const svg = view.querySelector('svg');
  const width = svg.viewBox.baseVal.width;
  const height = svg.viewBox.baseVal.height;
  const MOST = 4;
  let scale = 1;

  const fitting = () => Math.min(1, view.clientWidth / width, isFull() ? view.clientHeight / height : 1);
  const isFull = () => document.fullscreenElement === whole;

  // What lies at a point of the view stays there.
  const zoom = (wanted, x = view.clientWidth / 2, y = view.clientHeight / 2) => {
    const next = Math.min(MOST, Math.max(Math.min(fitting(), 0.1), wanted));
    const ratio = next / scale;
    const left = (view.scrollLeft + x) * ratio - x;
    const top = (view.scrollTop + y) * ratio - y;
    scale = next;
    svg.setAttribute('width', String(Math.floor(width * scale)));
    svg.setAttribute('height', String(Math.floor(height * scale)));
    view.scrollTo(left, top);
  };
  const actions = {
    in: () => zoom(scale * 1.3),
    out: () => zoom(scale / 1.3),
    fit: () => zoom(fitting()),
    full: () => (isFull() ? document.exitFullscreen() : whole.requestFullscreen()),
  };
  const keys = { '+': 'in', '=': 'in', '-': 'out', 0: 'fit' };

  whole.querySelector('.tools').hidden = false;
  view.classList.add('moved');
  for (const button of whole.querySelectorAll('[data-zoom]')) {
    button.addEventListener('click', () => actions[button.dataset.zoom]());
  }
  view.addEventListener('keydown', (event) => {
    const action = keys[event.key];
    if (action && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      actions[action]();
    }
  });
  view.addEventListener(
    'wheel',
    (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const { left, top } = view.getBoundingClientRect();
        zoom(scale * Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top);
      }
    },
    { passive: false },
  );

  let held;
  view.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'mouse' && event.button === 0) {
      held = { x: event.clientX, y: event.clientY, left: view.scrollLeft, top: view.scrollTop, moved: false };
    }
  });
  addEventListener('pointermove', (event) => {
    if (held) {
      held.moved ||= Math.hypot(event.clientX - held.x, event.clientY - held.y) > 4;
      if (held.moved) {
        view.classList.add('dragging');
        view.scrollTo(held.left - event.clientX + held.x, held.top - event.clientY + held.y);
      }
    }
  });
  addEventListener('pointerup', () => {
    view.classList.remove('dragging');
    setTimeout(() => {
      held = undefined;
    });
  });
  // The end of a drag is no click on the table below it.
  view.addEventListener(
    'click',
    (event) => {
      if (held?.moved) {
        event.preventDefault();
      }
    },
    true,
  );
  view.addEventListener('dragstart', (event) => event.preventDefault());
  document.addEventListener('fullscreenchange', () => zoom(fitting()));
  addEventListener('resize', () => zoom(Math.max(scale, fitting())));
  zoom(fitting());
})();
