// The list of all tables beside the page, which would make every page large if it were written into it.
(() => {
  const { groups, objects } = window.plinthDocs;
  const { root, page: current } = document.documentElement.dataset;
  const nav = document.getElementById('tables');
  const menu = document.querySelector('.menu');
  const count = groups.reduce((sum, [, tables]) => sum + tables.length, 0);
  const MANY = 80;

  const link = (href, label) => {
    const anchor = document.createElement('a');
    anchor.href = root + href;
    // Long names break after an underscore.
    for (const part of label.split(/(?<=_)/)) {
      anchor.append(part, document.createElement('wbr'));
    }
    if (href === current) {
      anchor.setAttribute('aria-current', 'page');
    }
    return anchor;
  };

  nav.append(link('index.html', 'Overview'));
  if (current === undefined) {
    nav.firstChild.setAttribute('aria-current', 'page');
  }
  for (const [name, tables] of groups) {
    const details = document.createElement('details');
    const summary = document.createElement('summary');
    const list = document.createElement('ul');
    summary.textContent = name;
    details.append(summary, list);
    details.open = count <= MANY || groups.length === 1 || tables.some(([page]) => page === current);
    for (const [page, , label] of tables) {
      const item = document.createElement('li');
      item.append(link(page, label));
      list.append(item);
    }
    nav.append(details);
  }
  if (objects.length > 0) {
    nav.append(link('objects.html', 'Types and functions'));
  }
  const here = nav.querySelector('[aria-current]');
  if (here && here.offsetTop > nav.clientHeight) {
    nav.scrollTop = here.offsetTop - nav.clientHeight / 2;
  }

  menu.hidden = false;
  menu.addEventListener('click', () => {
    const isOpen = nav.classList.toggle('open');
    menu.setAttribute('aria-expanded', String(isOpen));
  });
})();
