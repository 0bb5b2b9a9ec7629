/** Administrators, and the codes that let somebody make an account. */
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { SignUpCodeRow } from './people-rows.ts';
import type { Connection } from './sqlite-connection.ts';
import { int, intOrNull, type Row, text, textOrNull } from './sqlite-values.ts';

type PeopleReads = Pick<ReadTx, 'isAdministrator' | 'administrators' | 'signUpCode' | 'signUpCodes'>;

const CODE = `SELECT c.hash, c.made_at, c.expires_at, c.used_at, u.name AS used_by
  FROM sign_up_codes c LEFT JOIN users u ON u.no = c.used_by`;

export function peopleReads(db: Connection): PeopleReads {
  const is = db.sql('SELECT 1 FROM administrators WHERE owner = (SELECT u.no FROM users u WHERE u.id = ?)');
  const all = db.sql('SELECT u.name FROM administrators a JOIN users u ON u.no = a.owner ORDER BY u.name');
  const code = db.sql(`${CODE} WHERE c.hash = ?`);
  const codes = db.sql(`${CODE} ORDER BY c.made_at, c.hash`);
  return {
    isAdministrator: (user) => is.one(user) !== null,
    administrators: () => all.all().map((row) => text(row, 'name')),
    signUpCode: (hash) => {
      const row = code.one(hash);
      return row === null ? null : codeRow(row);
    },
    signUpCodes: () => codes.all().map(codeRow),
  };
}

function codeRow(row: Row): SignUpCodeRow {
  return {
    hash: text(row, 'hash'),
    madeAt: int(row, 'made_at'),
    expiresAt: int(row, 'expires_at'),
    usedAt: intOrNull(row, 'used_at'),
    usedBy: textOrNull(row, 'used_by'),
  };
}

type PeopleWrites = Pick<
  WriteTx,
  'setAdministrator' | 'addSignUpCode' | 'spendSignUpCode' | 'removeSignUpCode'
>;

export function peopleWrites(db: Connection): PeopleWrites {
  const grant = db.sql('INSERT INTO administrators (owner, since) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const withdraw = db.sql('DELETE FROM administrators WHERE owner = ?');
  const add = db.sql('INSERT INTO sign_up_codes (hash, made_at, expires_at) VALUES (?, ?, ?)');
  const spend = db.sql(
    'UPDATE sign_up_codes SET used_at = ?, used_by = ? WHERE hash = ? AND used_at IS NULL',
  );
  const remove = db.sql('DELETE FROM sign_up_codes WHERE hash = ? AND used_at IS NULL');
  return {
    setAdministrator: (user, since) => {
      if (since === null) withdraw.run(db.user(user));
      else grant.run(db.user(user), since);
    },
    addSignUpCode: ({ hash, madeAt, expiresAt }) => void add.run(hash, madeAt, expiresAt),
    spendSignUpCode: (hash, user, at) => spend.run(at, db.user(user), hash) === 1,
    removeSignUpCode: (hash) => remove.run(hash) === 1,
  };
}
