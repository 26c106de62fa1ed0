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

// Search over the names of tables and columns, types, functions and all comments. `/` goes to it from anywhere.
(() => {
  const { groups, objects } = window.plinthDocs;
  const { root } = document.documentElement.dataset;
  const box = document.querySelector('.search');
  const input = document.getElementById('search');
  const list = document.getElementById('found');
  const status = document.getElementById('found-count');
  const MOST = 40;
  const RANK = { table: 0, column: 1, object: 1 };
  let entries;
  let found = [];
  let chosen = -1;

  const entry = (href, kind, name, place, text) => ({
    ...{ href, kind, name, place, text },
    nameLower: name.toLowerCase(),
    allLower: `${place} ${name}\n${text}`.toLowerCase(),
  });

  const allEntries = () => [
    ...groups.flatMap(([, tables]) =>
      tables.flatMap(([page, label, , kind, meaning, columns]) => [
        entry(page, 'table', label, kind, meaning),
        ...columns.map(([name, type, text, anchor]) =>
          entry(`${page}#${anchor}`, 'column', name, `${label} · ${type}`, text),
        ),
      ]),
    ),
    ...objects.map(([href, name, kind, meaning]) => entry(href, 'object', name, kind, meaning)),
  ];

  // The name itself before its beginning, before a word of it, before any part, before the comment.
  const score = ({ nameLower, allLower, kind }, words) => {
    let sum = RANK[kind];
    for (const word of words) {
      if (!allLower.includes(word)) {
        return -1;
      }
      const at = nameLower.indexOf(word);
      const bare = nameLower.slice(nameLower.lastIndexOf('.') + 1);
      if (bare === word || nameLower === word) {
        sum += 0;
      } else if (bare.startsWith(word)) {
        sum += 4;
      } else if (at > 0 && !/[a-z0-9]/.test(nameLower[at - 1])) {
        sum += 8;
      } else {
        sum += at >= 0 ? 12 : 24;
      }
    }
    return sum + Math.min(nameLower.length, 60) / 100;
  };

  const wordsOf = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

  // Text with the words that were searched for marked; never read as markup.
  const marked = (tag, name, text, words) => {
    const element = document.createElement(tag);
    element.className = name;
    const lower = text.toLowerCase();
    let from = 0;
    while (from < text.length) {
      const hits = words
        .map((word) => ({ at: lower.indexOf(word, from), length: word.length }))
        .filter(({ at }) => at >= 0)
        .sort((a, b) => a.at - b.at || b.length - a.length);
      if (hits.length === 0 || lower.length !== text.length) {
        break;
      }
      const [{ at, length }] = hits;
      const mark = document.createElement('mark');
      mark.textContent = text.slice(at, at + length);
      element.append(text.slice(from, at), mark);
      from = at + length;
    }
    element.append(text.slice(from));
    return element;
  };

  // The part of a comment around the first word that was searched for.
  const excerpt = (text, words) => {
    const line = text.replace(/\s+/g, ' ');
    const lower = line.toLowerCase();
    const at = Math.max(
      0,
      Math.min(...words.map((word) => (lower.includes(word) ? lower.indexOf(word) : 0))),
    );
    const from = at > 70 ? at - 40 : 0;
    return `${from > 0 ? '…' : ''}${line.slice(from, from + 140)}${line.length > from + 140 ? '…' : ''}`;
  };

  const choose = (index) => {
    chosen = index;
    [...list.children].forEach((item, place) => {
      item.setAttribute('aria-selected', String(place === index));
    });
    const item = list.children[index];
    if (item) {
      input.setAttribute('aria-activedescendant', item.id);
      item.scrollIntoView({ block: 'nearest' });
    } else {
      input.removeAttribute('aria-activedescendant');
    }
  };

  const show = (isOpen) => {
    list.hidden = !isOpen;
    input.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen) {
      choose(-1);
    }
  };

  const search = () => {
    entries ??= allEntries();
    const words = wordsOf(input.value);
    const ranked =
      words.length === 0
        ? []
        : entries
            .map((each) => ({ each, rank: score(each, words) }))
            .filter(({ rank }) => rank >= 0)
            .sort((a, b) => a.rank - b.rank);
    found = ranked.slice(0, MOST).map(({ each }) => each);
    list.replaceChildren(
      ...found.map((each, index) => {
        const item = document.createElement('li');
        const link = document.createElement('a');
        item.id = `found-${index}`;
        item.setAttribute('role', 'option');
        link.href = root + each.href;
        link.tabIndex = -1;
        link.append(
          marked('span', 'name', each.name, words),
          ' ',
          marked('span', 'place', each.place, words),
          marked('span', 'text', excerpt(each.text, words), words),
        );
        item.append(link);
        return item;
      }),
    );
    if (words.length > 0 && found.length === 0) {
      const item = document.createElement('li');
      item.className = 'nothing';
      item.textContent = 'Nothing found';
      list.append(item);
    }
    status.textContent = words.length === 0 ? '' : `${ranked.length} found`;
    show(words.length > 0);
    choose(found.length > 0 ? 0 : -1);
  };

  const keys = {
    ArrowDown: () => choose(Math.min(chosen + 1, found.length - 1)),
    ArrowUp: () => choose(Math.max(chosen - 1, 0)),
    Enter: () => {
      if (found[chosen]) {
        list.children[chosen].querySelector('a').click();
        show(false);
        input.blur();
      }
    },
    Escape: () => {
      input.value = '';
      search();
      input.blur();
    },
  };

  input.addEventListener('input', search);
  input.addEventListener('focus', () => show(input.value.trim() !== ''));
  input.addEventListener('keydown', (event) => {
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  list.addEventListener('click', () => show(false));
  document.addEventListener('pointerdown', (event) => {
    if (!box.contains(event.target)) {
      show(false);
    }
  });
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target.closest('input, textarea, select, [contenteditable]');
    if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
  box.hidden = false;
})();

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
