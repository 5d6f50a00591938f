/** Frames wait for the terminal on a slow line, and for nobody where nothing answers. */
import { expect, test } from 'vitest';
import { LinkPace } from '../../../screens/link-pace.ts';
import { createTestClock, settle } from '../../helpers/test-clock.ts';

function paceOf() {
  const clock = createTestClock();
  let questions = 0;
  let freed = 0;
  const link = new LinkPace({
    clock,
    write: (text) => {
      expect(text).toBe('\x1b[6n');
      questions++;
    },
    onFree: () => {
      freed++;
    },
  });
  return { clock, link, questions: () => questions, freed: () => freed };
}

test('until the terminal has answered once, nothing waits', () => {
  const { link, questions } = paceOf();
  link.drawn();
  link.drawn();
  expect(link.canDraw(false)).toBe(true);
  expect(questions()).toBe(1);
});

test('then one frame is on its way at a time, and one more for a key', async () => {
  const { clock, link, freed } = paceOf();
  link.drawn();
  await clock.advance(120);
  link.answered();
  expect(link.latencyMs).toBe(120);
  link.drawn();
  expect([link.canDraw(false), link.canDraw(true)]).toEqual([false, true]);
  link.drawn();
  expect([link.canDraw(false), link.canDraw(true)]).toEqual([false, false]);
  link.answered();
  link.answered();
  expect(link.canDraw(false)).toBe(true);
  expect(freed()).toBe(3);
});

test('a terminal that answers can be asked beside the frames, which do not wait for that; one that may not is not', async () => {
  const { clock, link, questions } = paceOf();
  link.prompt();
  expect(questions()).toBe(0);
  link.drawn();
  await clock.advance(120);
  link.answered();
  link.prompt();
  link.prompt();
  expect(questions()).toBe(2);
  expect(link.canDraw(false)).toBe(true);
  link.drawn();
  await clock.advance(5);
  link.answered();
  expect([link.latencyMs, link.canDraw(false)]).toEqual([120, false]);
  await clock.advance(5);
  link.answered();
  expect([link.latencyMs, link.canDraw(false)]).toEqual([10, true]);
});

test('a terminal that does not answer is not asked again', async () => {
  const { clock, link, questions } = paceOf();
  link.drawn();
  await clock.advance(3_100);
  link.drawn();
  expect(questions()).toBe(1);
  expect([link.canDraw(false), link.latencyMs]).toEqual([true, null]);
});

test('a first answer that comes late counts all the same', async () => {
  const { clock, link, questions } = paceOf();
  link.drawn();
  await clock.advance(5_000);
  link.answered();
  link.drawn();
  expect(questions()).toBe(2);
  expect(link.canDraw(false)).toBe(false);
});

test('an answer that was lost holds nothing up for ever', async () => {
  const { clock, link } = paceOf();
  link.drawn();
  link.answered();
  link.drawn();
  await clock.advance(9_900);
  expect(link.canDraw(false)).toBe(false);
  await clock.advance(200);
  expect(link.canDraw(false)).toBe(true);
  link.drawn();
  link.forget();
  expect(link.canDraw(false)).toBe(true);
});

test('the end waits for open answers, but not long', async () => {
  const { clock, link } = paceOf();
  let isOver = false;
  const end = () => {
    isOver = false;
    void link.settle().then(() => {
      isOver = true;
    });
  };
  end();
  await settle();
  expect(isOver).toBe(true);
  link.drawn();
  end();
  await settle();
  expect(isOver).toBe(false);
  link.answered();
  await settle();
  expect(isOver).toBe(true);
  link.drawn();
  end();
  await clock.advance(500);
  expect(isOver).toBe(true);
});
