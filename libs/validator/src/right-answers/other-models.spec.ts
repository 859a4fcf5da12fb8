import { formFromOpenApi } from '../form/form-from-open-api';
import { FRESH_ANSWERS } from './fresh-models.cases';
import { FRESH_MODELS } from './fresh-models';
import { LATER_ANSWERS } from './later-models.cases';
import { LATER_MODELS } from './later-models';
import { MEDIA_MODELS } from './other-media-models';
import { OTHER_MEDIA_ANSWERS, OTHER_PICTURE_ANSWERS } from './other-models.cases';
import { NEWER_ANSWERS } from './newer-models.cases';
import { NEWER_MODELS } from './newer-models';
import { THIRD_ANSWERS } from './third-models.cases';
import { THIRD_MODELS } from './third-models';
import { OFFICIAL_ANSWERS } from './official-models.cases';
import { OFFICIAL_MODELS } from './official-models';
import { PICTURE_MODELS } from './other-picture-models';
import { PLAIN_ANSWERS } from './plain-models.cases';
import { PLAIN_MODELS } from './plain-models';
import { differences } from './right-answer';
import { WILD_ANSWERS } from './wild-models.cases';
import { WILD_MODELS } from './wild-models';

const forms = new Map([...PICTURE_MODELS, ...MEDIA_MODELS, ...NEWER_MODELS, ...THIRD_MODELS, ...WILD_MODELS, ...LATER_MODELS, ...OFFICIAL_MODELS, ...FRESH_MODELS, ...PLAIN_MODELS].map((source) => [source.model, formFromOpenApi(source)]));

test.each([...OTHER_PICTURE_ANSWERS, ...OTHER_MEDIA_ANSWERS, ...NEWER_ANSWERS, ...THIRD_ANSWERS, ...WILD_ANSWERS, ...LATER_ANSWERS, ...OFFICIAL_ANSWERS, ...FRESH_ANSWERS, ...PLAIN_ANSWERS].map((one) => [one.model, one.id, one] as const))('%s: %s', (model, _id, one) => {
  expect(differences(forms.get(model) ?? null, one)).toEqual([]);
});
