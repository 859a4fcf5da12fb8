import { holdersOf, namesake, nearestName } from './nearest-name';

test.each([
  ['ѕeеd', 'seed'], ['prοmpt', 'prompt'], ['ⅼanguage', 'language'], ['ѕtерѕ', 'steps'], ['voісе', 'voice'], ['sеed', 'seed'], ['ɑspect_rɑtio', 'aspect_ratio'], ['ꜱᴄᴀʟᴇ', 'scale'], ['սրscale', undefined], ['𝓼𝓮𝓮𝓭', 'seed'], ['ѕᴏᴜɴᴅ', 'sound'],
])('%s looks like %s', (given, meant) => {
  expect(namesake(given, ['seed', 'prompt', 'language', 'steps', 'voice', 'aspect_ratio', 'scale', 'upscale', 'sound'])).toBe(meant);
});

test('a name is held by the fields that have all its words, a single word by one field only', () => {
  expect(holdersOf('intensity', ['makeup_intensity', 'seed'])).toEqual(['makeup_intensity']);
  expect(holdersOf('width', ['tile_width', 'seam_fix_width'])).toEqual([]); // a meaning of its own
  expect(holdersOf('panel', ['panel_1', 'panel_2'])).toEqual([]);
  expect(holdersOf('panel__prompt', ['panel_1_prompt', 'panel_2_prompt'])).toEqual(['panel_1_prompt', 'panel_2_prompt']);
  expect(holdersOf('id', ['voice_id'])).toEqual([]);
});

test('a slip of the pen is told, another number is none', () => {
  expect(nearestName('promt_strenght', ['prompt_strength', 'prompt'])).toBe('prompt_strength');
  expect(nearestName('image_2', ['image_1'])).toBeUndefined();
});
