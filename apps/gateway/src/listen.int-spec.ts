import { startHttp } from '@countersign/testing';
import { startGateway } from './testing/gateway-stage';

describe('listening', () => {
  it('says in one sentence that the port is taken', async () => {
    const other = await startHttp(() => ({ body: 'mine' }));
    await expect(startGateway({ PORT: String(other.port) })).rejects.toThrow(`PORT ${other.port} is taken by another program`);
    await other.close();
  });

  it('says so too for an address that is not there', async () => {
    await expect(startGateway({ HOST: '203.0.113.7', AUTH_MODE: 'api_key' })).rejects.toThrow('HOST 203.0.113.7 is not an address of this machine');
  });
});
