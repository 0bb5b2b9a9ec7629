/** Seeds that once failed and stay: each found what its name says, and nothing smaller shows it as well. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { powerRun } from './power-run.ts';
import { failure } from './seed-tests.ts';
import { type RunOptions, seededRun } from './seeded-run.ts';

interface Found extends Pick<RunOptions, 'seed' | 'devices' | 'troubles' | 'also' | 'except'> {
  readonly says: string;
  /** 24 unless it took more. */
  readonly actions?: number;
}

const FOUND: readonly Found[] = [
  {
    says: 'a rename took along what had been moved over the name: two nodes were one object',
    seed: 30084,
    devices: 3,
  },
  { says: 'a problem of a file that is gone was told on after a power cut', seed: 30163, devices: 2 },
  {
    says: 'what waited for a name that could not be observed never came',
    seed: 30338,
    devices: 3,
    except: ['old-folder'],
  },
  { says: 'after a halt an edit did not name the key whose answer was lost', seed: 31231, devices: 5 },
  { says: 'an object that left a name that a rule leaves out was two nodes', seed: 31420, devices: 3 },
  {
    says: 'a file fetched while the engine halted stayed in staging',
    seed: 31549,
    devices: 4,
    except: ['old-folder'],
  },
  {
    says: 'an answer told of a folder that had died, and not of what had died with it',
    seed: 239,
    devices: 2,
    also: ['old-folder'],
  },
  {
    says: 'a folder deleted elsewhere was missed above what a rule leaves out in it',
    seed: 300594,
    devices: 3,
    actions: 40,
    except: ['old-folder'],
  },
  {
    says: 'a file came into the folder that had taken the name of its own while it was fetched',
    seed: 310135,
    devices: 5,
    actions: 40,
  },
  {
    says: 'a claim that named a key of before its state was put back was taken for an edit of what that key had made',
    seed: 310153,
    devices: 2,
    actions: 40,
  },
  {
    says: 'an edit that its conflict copy had given up was read, and read again, and never sent',
    seed: 310490,
    devices: 3,
    actions: 40,
  },
  {
    says: 'a fetched file that could neither be flushed nor erased stayed in staging',
    seed: 310642,
    devices: 3,
    actions: 40,
  },
  {
    says: 'a file that was deleted while its update was placed was placed again and again, and its deletion never seen',
    seed: 400431,
    devices: 5,
    actions: 40,
  },
  {
    says: 'a file that went into the trash, and stood at its place again after a power cut, was told as a new one',
    seed: 600091,
    devices: 2,
    actions: 40,
  },
  {
    says: 'what could not be read for its upload, while a scan saw nothing new, was tried without a pause',
    seed: 600292,
    devices: 3,
    actions: 40,
  },
  {
    says: 'a file moved into a new folder here, and elsewhere there, stood in a folder that nobody had agreed on for a moment',
    seed: 701332,
    devices: 3,
    actions: 40,
  },
  {
    says: 'a state was put back, and a folder that had left this disk by choice since was told as deleted',
    seed: 702708,
    devices: 3,
    actions: 40,
  },
  {
    says: 'a file that had given its name to a new one was two nodes until that name was looked at',
    seed: 7057,
    devices: 2,
    troubles: ['power-cut', 'messages', 'kill', 'offline'],
  },
  {
    says: 'a temporary file that was saved over a name that a rule leaves out was still a node of its own',
    seed: 6,
    devices: 2,
    actions: 40,
    troubles: ['old-server', 'offline'],
  },
  {
    says: 'an edit whose bytes a power cut changed under the same stamp was read for its upload for ever, and never sent',
    seed: 703588,
    devices: 3,
    actions: 40,
  },
  {
    says: 'a disk was unmounted while its folder was opened, and what it was mounted on was marked as the folder',
    seed: 703777,
    devices: 2,
    actions: 40,
  },
  {
    says: 'a file that a power cut shortened where another one had stood was taken for that one, and its own content lost',
    seed: 800189,
    devices: 4,
    actions: 40,
  },
  {
    says: 'what was placed just before a power cut, and could not be read after it, was told as a new file',
    seed: 801237,
    devices: 4,
    actions: 40,
  },
  {
    says: 'what had been moved out of a folder that died could not be told to return for a while, and the check did not wait',
    seed: 800496,
    devices: 2,
    actions: 40,
  },
  {
    says: 'a conflict copy that was edited before its maker heard of it was made once more',
    seed: 803491,
    devices: 2,
    actions: 40,
  },
  {
    says: 'a conflict copy that was deleted elsewhere before its maker heard of it was made once more',
    seed: 807679,
    devices: 5,
    actions: 40,
  },
  {
    says: 'our copy of an exchange that was never made passed for a save when the head had moved on, and showed at its path',
    seed: 804399,
    devices: 5,
    actions: 40,
  },
  {
    says: 'what rested in a folder that could not be listed never came when another stood there',
    seed: 803370,
    devices: 3,
    actions: 40,
  },
  {
    says: 'a state that was put back, and had only received, told a removal',
    seed: 800047,
    devices: 5,
    actions: 40,
  },
  {
    says: 'a power cut took renames back, and a file passed for the edit of another',
    seed: 802296,
    devices: 2,
    actions: 40,
  },
  {
    says: 'a file that was placed while the journal was read for a look was taken for no version',
    seed: 805592,
    devices: 2,
    actions: 40,
  },
  {
    says: 'a save whose disk was away when it was to be flushed was believed to be on it after a power cut',
    seed: 822522,
    devices: 3,
    actions: 40,
  },
  { says: 'what could not be read and was parked stayed parked', seed: 823471, devices: 5, actions: 40 },
  {
    says: 'a torn file that another disk hid right after a power cut was told as an edit when that was gone',
    seed: 824110,
    devices: 2,
    actions: 40,
  },
];

for (const { says, actions = 24, ...options } of FOUND) {
  test(`found by seed ${options.seed} with ${options.devices} devices: ${says}`, async () => {
    const result = await seededRun({ ...options, profile: 'hostile', actions });
    assert.deepEqual(result.wrong, [], failure(result));
  });
}

test('found by power seed 1111: bytes that were written anew as they were agreed on were torn under a stamp that is believed', async () => {
  const { wrong, report } = await powerRun(1111, 40);
  assert.deepEqual(wrong, [], report());
});

test('found by power seed 1421: a folder that a power cut took was taken for the same one there, and then as deleted', async () => {
  const { wrong, report } = await powerRun(1421, 40);
  assert.deepEqual(wrong, [], report());
});

test('found by power seed 1252: what a power cut took from the disk was told as new, and then as deleted', async () => {
  const { wrong, report } = await powerRun(1252, 40);
  assert.deepEqual(wrong, [], report());
});
