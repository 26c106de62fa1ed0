import { expect, test } from 'vitest';
import { sqlForVersion } from '../../src/catalog/postgres/version.js';

const SQL = `select
  a.new as x, -- since 18
  a.old as x, -- before 18
  a.same
from a
`;

test('a line that is marked for newer versions is kept by them alone', () => {
  expect(sqlForVersion(SQL, 18)).toBe('select\n  a.new as x, -- since 18\n  a.same\nfrom a\n');
  expect(sqlForVersion(SQL, 17)).toBe('select\n  a.old as x, -- before 18\n  a.same\nfrom a\n');
});
