import { outsideForms } from '../testing/outside-models';
import { PUBLIC_AGAIN_ANSWERS } from './public-again.cases';
import { HARDER_ANSWERS } from './public-held-out-harder.cases';
import { HELD_OUT_ANSWERS } from './public-held-out.cases';
import { MEDIA_ANSWERS } from './public-media.cases';
import { PICTURE_ANSWERS } from './public-picture.cases';
import { differences } from './right-answer';

const ANSWERS = [...PICTURE_ANSWERS, ...MEDIA_ANSWERS, ...PUBLIC_AGAIN_ANSWERS, ...HELD_OUT_ANSWERS, ...HARDER_ANSWERS];

const forms = outsideForms('right answers for public models');
const judged = ANSWERS.filter((one) => forms.has(one.model));

test('each answer has a name of its own for its model', () => {
  expect(new Set(ANSWERS.map((one) => `${one.model} ${one.id}`)).size).toBe(ANSWERS.length);
});

if (judged.length > 0) test.each(judged.map((one) => [one.model, one.id, one] as const))('%s: %s', (model, _id, one) => { expect(differences(forms.get(model) ?? null, one)).toEqual([]); });
