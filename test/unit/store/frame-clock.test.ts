/** When a frame is due. */
import { expect, test } from 'vitest';
import { FrameClock } from '../../../src/store/frame-clock.ts';
import { waitUntil } from '../../helpers/wait-until.ts';

function clockOf() {
  const state = { isFree: true, frames: 0 };
  const clock = new FrameClock({
    canDraw: (isUrgent) => state.isFree || isUrgent,
    monoMs: () => performance.now(),
    onFrame: () => state.frames++,
  });
  return { clock, state };
}

test('many changes are one frame, and none is drawn when nothing has changed', async () => {
  const { clock, state } = clockOf();
  for (let i = 0; i < 100; i++) clock.markDirty();
  await waitUntil('a frame is drawn', () => state.frames > 0);
  expect(state.frames).toBe(1);
  clock.flush();
  expect(state.frames).toBe(1);
});

test('a key draws at once, changes at a pace', () => {
  const { clock, state } = clockOf();
  clock.markDirty();
  clock.flush();
  clock.markDirty();
  expect(state.frames).toBe(1);
  clock.flush();
  expect(state.frames).toBe(2);
  clock.stop();
});

test('frames wait for a terminal that takes nothing, and come when it does', async () => {
  const { clock, state } = clockOf();
  clock.markDirty();
  clock.flush();
  state.isFree = false;
  clock.markDirty();
  const sinceMs = performance.now();
  await waitUntil('its time has come', () => performance.now() - sinceMs > 150);
  expect(state.frames).toBe(1);
  state.isFree = true;
  clock.resumeDrawing();
  await waitUntil('the frame that waited is drawn', () => state.frames === 2);
});

test('stopped, nothing is drawn; going on, what has changed meanwhile is', async () => {
  const { clock, state } = clockOf();
  clock.stop();
  clock.markDirty();
  clock.flush();
  expect(state.frames).toBe(0);
  clock.resume();
  await waitUntil('it is drawn', () => state.frames === 1);
});
