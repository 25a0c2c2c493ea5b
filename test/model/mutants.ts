/** A mistake in the model: what it changes, and the invariant that must fail then. */
export interface ModelMutant {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly killedBy: string;
}

export const MODEL_MUTANTS: readonly ModelMutant[] = [
  {
    name: 'the window is open in its last second',
    from: 'st.now < lastOf(st, name) + WINDOW',
    to: 'st.now <= lastOf(st, name) + WINDOW',
    killedBy: 'windowIsReal',
  },
  {
    name: 'the window begins with the arrival of a message',
    from: 'greatest(Set(s.last.get(n), message.at))',
    to: 'greatest(Set(s.last.get(n), s.now))',
    killedBy: 'windowIsReal',
  },
  {
    name: 'the windows of two messages are added',
    from: 'if (b > a) b else a',
    to: 'a + b',
    killedBy: 'windowIsReal',
  },
  {
    name: 'a text is sent without a look at the window',
    from: 'if (isOpen(s, name)) accept(key, { name: name, isTemplate: false',
    to: 'if (true) accept(key, { name: name, isTemplate: false',
    killedBy: 'noTextOutside',
  },
  {
    name: 'a template is sent without a look at the slot',
    from: 'else if (not(isUsed(s, name)))',
    to: 'else if (true)',
    killedBy: 'oneTemplate',
  },
  {
    name: 'a send in doubt does not hold the slot',
    from: 'Set("sent", "doubt", "delivered").contains(send.state)',
    to: 'Set("sent", "delivered").contains(send.state)',
    killedBy: 'oneTemplate',
  },
  {
    name: 'a failed template holds the slot',
    from: 'Set("sent", "doubt", "delivered").contains(send.state)',
    to: 'Set("sent", "doubt", "delivered", "failed").contains(send.state)',
    killedBy: 'slotIsHeld',
  },
  {
    name: 'a template that was delivered after all does not hold the slot',
    from: 'Set("sent", "doubt", "delivered").contains(send.state)',
    to: 'Set("sent", "doubt").contains(send.state)',
    killedBy: 'slotIsHeld',
  },
  {
    name: 'a message of the customer does not free the slot',
    from: 'person(st, name).contains(send.name), send.at > lastOf(st, name)',
    to: 'person(st, name).contains(send.name)',
    killedBy: 'slotIsHeld',
  },
  {
    name: 'the slot stays with the name that took it',
    from: 'person(st, name).contains(send.name), send.at',
    to: 'name == send.name, send.at',
    killedBy: 'onePerson',
  },
  {
    name: 'the window stays with the name that the message shows',
    from: 'greatest(person(st, name).map(n => st.last.get(n)))',
    to: 'st.last.get(name)',
    killedBy: 'onePerson',
  },
  {
    name: 'a key is not claimed',
    from: 's.sends.get(key).state == "none",\n    if (isOpen(s, name)) accept(key, { name: name, isTemplate: false',
    to: 'true,\n    if (isOpen(s, name)) accept(key, { name: name, isTemplate: false',
    killedBy: 'oneCallPerKey',
  },
  {
    name: 'a repeat of a key calls the provider again',
    from: 'state != "none", refuse("replayed")',
    to: 'state != "none", accept(key, s.sends.get(key))',
    killedBy: 'oneCallPerKey',
  },
];
