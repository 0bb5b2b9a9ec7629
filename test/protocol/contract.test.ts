import { after, before } from 'node:test';
import { startTestServer, TEST_USER, type TestServer } from '../support/server.ts';
import { Contract, contractSuite, type Target } from './contract-suite.ts';

const OTHER = { name: 'grace', password: 'another long password' };
let started: TestServer | null = null;
let contract: Contract | null = null;

function toldTarget(): Target | null {
  const env = process.env;
  const url = env['TIDEMARK_SERVER_URL'];
  if (url === undefined) return null;
  const value = (name: string): string => {
    const found = env[`TIDEMARK_SERVER_${name}`];
    if (found === undefined) throw new Error(`TIDEMARK_SERVER_${name} is needed beside TIDEMARK_SERVER_URL`);
    return found;
  };
  return {
    url,
    user: { user: value('USER'), password: value('PASSWORD') },
    other: { user: value('OTHER_USER'), password: value('OTHER_PASSWORD') },
  };
}

async function ownTarget(): Promise<Target> {
  started = await startTestServer({ users: [OTHER] });
  return {
    url: started.url,
    user: { user: TEST_USER.name, password: TEST_USER.password },
    other: { user: OTHER.name, password: OTHER.password },
  };
}

before(async () => {
  contract = new Contract(toldTarget() ?? (await ownTarget()));
});
after(async () => {
  await contract?.wire.close();
  await started?.close();
});

contractSuite(() => {
  if (contract === null) throw new Error('the server is not there yet');
  return contract;
});
