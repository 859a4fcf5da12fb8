import { Faults } from './faults';

describe('faults of the stand-in', () => {
  const storm = (fall: number): Faults => {
    const faults = new Faults();
    faults.setWeather({
      random: () => fall,
      answers: [{ on: ['create', 'list'], share: 0.05, action: { do: 'drop_after' } }],
      callbacks: [{ do: 'duplicate', share: 0.2 }, { do: 'late', share: 0.4, ms: 3_000 }],
    });
    return faults;
  };

  it('hit by the dice, where the weather is bad, until it clears', () => {
    const faults = storm(0.04);
    expect([faults.take('create'), faults.take('list'), faults.take('prediction')]).toEqual([{ do: 'drop_after' }, { do: 'drop_after' }, null]);
    expect(faults.takeWebhook('completed')).toMatchObject({ do: 'duplicate' });
    expect(faults.weatherHits).toEqual({ answers: 2, callbacks: 1 });
    faults.clear();
    expect([faults.take('create'), faults.takeWebhook('completed')]).toEqual([null, null]);
  });

  it('spare what the dice spare', () => {
    const faults = storm(0.3);
    expect(faults.take('create')).toBeNull();
    expect(faults.takeWebhook('start')).toMatchObject({ do: 'late', ms: 3_000 });
    expect(storm(0.9).takeWebhook('start')).toBeNull();
  });

  it('that were asked for by name come first', () => {
    const faults = storm(0.01);
    faults.add({ on: 'create', action: { do: 'delay', ms: 5 } });
    expect([faults.take('create'), faults.take('create')]).toEqual([{ do: 'delay', ms: 5 }, { do: 'drop_after' }]);
  });
});
