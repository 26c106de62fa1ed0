import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { pngOf } from '../../../src/docs/erd/picture/png.js';
import { pngFile, readPng } from '../../../src/docs/erd/picture/png-file.js';

const picture = (colour: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10" fill="${colour}"/></svg>`;

test('a PNG has two pixels a unit, in the colours of the SVG', async () => {
  const png = Buffer.from(await pngOf(picture('#0a141e')));
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([40, 20]);
  const lines = inflateSync(readPng(png, 'plinth-drawn-from')!.data);
  expect(lines).toEqual(
    Buffer.concat(Array(20).fill(Buffer.from([0, ...Array(40).fill([10, 20, 30]).flat()]))),
  );
});

test('a picture that is as it was is not drawn again', async () => {
  const png = await pngOf(picture('red'));
  expect(await pngOf(picture('red'), png)).toBe(png);
  expect(await pngOf(picture('red'), Buffer.from(png))).toEqual(png);
});

test('another picture, and an edited or cut file, are drawn again', async () => {
  const [png, other] = [await pngOf(picture('red')), await pngOf(picture('blue'))];
  expect(await pngOf(picture('blue'), png)).toEqual(other);
  const edited = Buffer.from(png);
  edited[edited.indexOf('IDAT') + 12]! ^= 1;
  for (const bad of [
    edited,
    png.slice(0, -12),
    png.slice(0, 40),
    Buffer.from('no picture'),
    Buffer.alloc(0),
  ]) {
    expect(await pngOf(picture('red'), bad)).toEqual(png);
  }
});

test('the note of a PNG is read only where it has the keyword', () => {
  const rgba = Uint8Array.from([1, 2, 3, 255]);
  const png = pngFile({ width: 1, height: 1, rgba }, 'mine', (data) => `${data.length} bytes`);
  expect(readPng(png, 'mine')).toEqual({ note: '12 bytes', data: expect.anything() });
  expect(readPng(png, 'other')).toBeUndefined();
});
