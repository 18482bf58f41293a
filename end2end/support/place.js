// An installation as a journey sees it: its address, its `recado` commands, the people and things in it.
import { randomBytes } from 'node:crypto';

import { recado } from './server.js';

const unique = () => randomBytes(4).toString('hex');

/** A telephone number that nobody has and that behaves (the simulator's difficult ones end in 0…). */
export function newNumber() {
  const digits = (count) => Array.from(randomBytes(count), (byte) => byte % 10).join('');
  return `55119${digits(4)}${1 + (randomBytes(1)[0] % 9)}${digits(3)}`;
}

export class Place {
  constructor(url, data, { demo, shift } = {}) {
    this.url = url;
    this.data = data;
    this.demo = demo;
    this.shift = shift ? ['--clock-offset', shift] : [];
  }

  /** Runs `recado …` beside the server, on its clock; returns the JSON it prints. */
  recado(...args) {
    return JSON.parse(recado(this.data, ...args, ...this.shift, '--json'));
  }

  /** What the owner of a new, already verified account knows. */
  account(name = 'Padaria') {
    const mark = unique();
    const owner = { name: `${name} ${mark}`, email: `dona-${mark}@exemplo.com.br`, password: `bolo de fubá ${mark}` };
    const made = this.recado('account', 'create', '--email', owner.email, '--password', owner.password, '--name', owner.name);
    return { ...owner, id: made.account_id, clientToken: made.client_token };
  }

  /** A person of the operator. */
  staff(role) {
    const mark = unique();
    const person = { email: `${role}-${mark}@exemplo.com.br`, password: `café coado ${mark}`, role };
    this.recado('staff', 'create', '--email', person.email, '--password', person.password, '--role', role);
    return person;
  }

  /** An instance on trial: `{id, token, page, rest}`. */
  instance(account, name = 'Atendimento') {
    const { id, token } = this.recado('instance', 'create', '--account', account.id, '--name', name);
    return { id, token, name, page: `/instancias/${id}`, rest: `${this.url}/instances/${id}/token/${token}` };
  }

  /** A virtual telephone scans the instance's code; returns its number. */
  link(instance, phone = newNumber()) {
    this.recado('sim', 'scan', '--instance', instance.id, '--phone', phone);
    return phone;
  }

  /** Sends a text through the REST API; returns `{zaapId, messageId, id}`. */
  async send(instance, phone, message) {
    return this.call(instance, 'send-text', { phone, message });
  }

  /** A REST call; a `body` makes it a POST. */
  async call(instance, route, body) {
    const how = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const answer = await fetch(`${instance.rest}/${route}`, how);
    if (!answer.ok) throw new Error(`${route} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }
}
