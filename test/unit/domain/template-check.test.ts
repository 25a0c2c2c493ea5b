import { describe, expect, it } from 'vitest';
import { languagesOf, normalizeLanguage, type TemplateComponent } from '../../../functions/shared/domain/template.ts';
import { checkTemplate } from '../../../functions/shared/domain/template-check.ts';
import { aBody, aButton, aHeader, aRegisteredTemplate, aTemplateContent, aText } from '../../support/template-parts.ts';

const german = aRegisteredTemplate({ language: 'de' });
const english = aRegisteredTemplate();
const filled = { components: [aBody(aText())] };

/** The faults of a send with these components of a template with those. */
const faultsOf = (registered: readonly TemplateComponent[], ...components: readonly object[]) => {
  const check = checkTemplate([aRegisteredTemplate({ components: registered })], aTemplateContent({ components }));
  if (check.kind === 'ready') return [];
  return check.kind === 'parameters_invalid' ? check.faults : check;
};

const body = (text: string): TemplateComponent => ({ type: 'BODY', text });
const PLAIN = body('We have an answer for you.');
const header = (format: string): readonly TemplateComponent[] => [{ type: 'HEADER', format }, PLAIN];
const buttons = (...some: { type: string; url?: string }[]): readonly TemplateComponent[] => [
  PLAIN,
  { type: 'BUTTONS', buttons: some },
];

const DYNAMIC = { type: 'URL', url: 'https://shop.example.com/{{1}}' };
const STATIC = { type: 'URL', url: 'https://shop.example.com/' };
const QUICK = { type: 'QUICK_REPLY' };
const coupon = (coupon_code: unknown) => ({ type: 'coupon_code', coupon_code });
const action = (value: unknown) => ({ type: 'action', action: value });
const payload = (value: unknown) => ({ type: 'payload', payload: value });

describe('a language', () => {
  it.each([
    ['en_US', 'en_US'],
    ['en-US', 'en_US'],
    ['EN_US', 'en_US'],
    ['en-us', 'en_US'],
    ['DE', 'de'],
    ['FIL', 'fil'],
    ['ZH_CN', 'zh_CN'],
  ])('written %s is %s', (written, meant) => {
    expect(normalizeLanguage(written)).toBe(meant);
  });

  it('is the one asked, then the declared fallback', () => {
    expect(languagesOf(aTemplateContent({ language: 'pt-BR', fallbackLanguage: 'en' }))).toEqual(['pt_BR', 'en']);
    expect(languagesOf(aTemplateContent())).toEqual(['en_US']);
  });
});

describe('the template that goes', () => {
  it('is the one in the language asked, however it is written', () => {
    const content = aTemplateContent({ language: 'en-US', fallbackLanguage: 'de', ...filled });

    expect(checkTemplate([german, english], content)).toEqual({ kind: 'ready', template: english });
  });

  it('is the fallback where the language asked is not registered', () => {
    const content = aTemplateContent({ fallbackLanguage: 'de', ...filled });

    expect(checkTemplate([german], content)).toEqual({ kind: 'ready', template: german });
  });

  it('is the fallback where the language asked is not approved', () => {
    const paused = aRegisteredTemplate({ status: 'PAUSED' });
    const content = aTemplateContent({ fallbackLanguage: 'de', ...filled });

    expect(checkTemplate([paused, german], content)).toEqual({ kind: 'ready', template: german });
  });

  it('is unknown where neither is registered: name and languages are named', () => {
    const content = aTemplateContent({ fallbackLanguage: 'fr', ...filled });
    const other = aRegisteredTemplate({ name: 'another' });

    expect(checkTemplate([german, other], content)).toEqual({
      kind: 'unknown',
      detail:
        'The registry has no template "parcel_news" in en_US or fr: check name and language, or sync the templates.',
    });
    expect(checkTemplate([], aTemplateContent())).toMatchObject({
      detail: 'The registry has no template "parcel_news" in en_US: check name and language, or sync the templates.',
    });
  });

  it.each(['PAUSED', 'REJECTED', 'PENDING', 'DISABLED', 'DELETED', 'SOMETHING_NEW'])(
    'is refused while it is %s, and the status is named',
    (status) => {
      const check = checkTemplate([aRegisteredTemplate({ status })], aTemplateContent(filled));

      expect(check).toEqual({
        kind: 'not_approved',
        detail: `The template "parcel_news" is ${status} in en_US: wait for its approval, or send a template that is APPROVED.`,
      });
    },
  );

  it('names the status in each language that is registered', () => {
    const registered = [
      aRegisteredTemplate({ language: 'de', status: 'REJECTED' }),
      aRegisteredTemplate({ status: 'PAUSED' }),
    ];

    expect(checkTemplate(registered, aTemplateContent({ fallbackLanguage: 'de', ...filled }))).toMatchObject({
      kind: 'not_approved',
      detail: expect.stringContaining('PAUSED in en_US and REJECTED in de'),
    });
  });
});

describe('parameters by position', () => {
  const two = body('Hello {{1}}, your order {{2}} is there.');

  it.each([
    ['as many as there are places', two, [aBody(aText('Ada'), aText('77'))]],
    ['one for a place that occurs twice', body('{{1}} and again {{1}}'), [aBody(aText())]],
    ['none, with the component or without', PLAIN, []],
    ['none, with an empty component', PLAIN, [aBody()]],
    [
      'money and dates, which Meta formats',
      two,
      [
        aBody(
          { type: 'currency', currency: { fallback_value: '$5', code: 'USD', amount_1000: 5000 } },
          { type: 'date_time', date_time: { fallback_value: 'Friday' } },
        ),
      ],
    ],
    ['those of a text header', { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}' }, [aHeader(aText())]],
    ['those of a header without a format, which is a text', { type: 'HEADER', text: '{{1}}' }, [aHeader(aText())]],
  ] as const)('pass: %s', (_, registered, components) => {
    expect(faultsOf([registered], ...components)).toEqual([]);
  });

  it.each([
    [[aText()], 'body takes 2 text parameters: 1 given'],
    [[aText(), aText(), aText()], 'body takes 2 text parameters: 3 given'],
    [[], 'body takes 2 text parameters: 0 given'],
    [
      [aText('Ada', { parameter_name: 'name' }), aText()],
      'body takes 2 text parameters: they are positional, without parameter_name',
    ],
  ])('are counted: %j', (parameters, message) => {
    expect(faultsOf([two], aBody(...parameters))).toEqual([{ path: 'components.0.parameters', message }]);
  });

  it('are missed when the whole component is missing', () => {
    expect(faultsOf([two])).toEqual([{ path: 'components', message: 'body is missing: it takes 2 text parameters' }]);
  });

  it('are refused where the template takes none', () => {
    expect(faultsOf([PLAIN], aBody(aText()))).toEqual([
      { path: 'components.0.parameters', message: 'body takes no parameters: 1 given' },
    ]);
  });

  it.each([
    [
      { type: 'image', image: { link: 'https://x.example' } },
      'is of type image: text, currency or date_time is expected',
    ],
    [{ type: 'text' }, 'needs a text that is not empty'],
    [{ type: 'text', text: '' }, 'needs a text that is not empty'],
    [{ type: 'text', text: 77 }, 'needs a text that is not empty'],
    [{ type: 'currency', currency: { code: 'USD' } }, 'needs currency with fallback_value, code and amount_1000'],
    [{ type: 'date_time' }, 'needs date_time with fallback_value'],
  ])('are typed: %j', (parameter, message) => {
    expect(faultsOf([two], aBody(aText(), parameter))).toEqual([{ path: 'components.0.parameters.1', message }]);
  });

  it('are checked in every component, and all faults are told at once', () => {
    const registered = [{ type: 'HEADER', format: 'TEXT', text: '{{1}}' }, two];
    const check = checkTemplate(
      [aRegisteredTemplate({ components: registered })],
      aTemplateContent({ components: [aBody(aText()), { type: 'footer', parameters: [aText()] }] }),
    );

    expect(check).toEqual({
      kind: 'parameters_invalid',
      detail:
        'components.0.parameters: body takes 2 text parameters: 1 given; components.1: the template has no footer; components: header is missing: it takes 1 text parameter',
      faults: [
        { path: 'components.0.parameters', message: 'body takes 2 text parameters: 1 given' },
        { path: 'components.1', message: 'the template has no footer' },
        { path: 'components', message: 'header is missing: it takes 1 text parameter' },
      ],
    });
  });
});

describe('parameters by name', () => {
  const named = body('Hello {{first_name}}, see you on {{day}}.');
  const name = aText('Ada', { parameter_name: 'first_name' });
  const day = aText('Friday', { parameter_name: 'day' });

  it('pass in any order', () => {
    expect(faultsOf([named], aBody(name, day))).toEqual([]);
    expect(faultsOf([named], aBody(day, name))).toEqual([]);
  });

  it.each([
    ['missing', [name], 'day is missing'],
    ['unknown', [name, day, aText('x', { parameter_name: 'week' })], 'week is unknown'],
    ['without a name', [name, day, aText('x')], 'one is unknown'],
    ['given twice', [name, day, day], 'day repeats'],
    ['wrong in several ways', [name, name, aText('x')], 'day is missing, one is unknown, first_name repeats'],
  ])('are refused when one is %s', (_, parameters, fault) => {
    expect(faultsOf([named], aBody(...parameters))).toEqual([
      {
        path: 'components.0.parameters',
        message: `body takes 2 text parameters, named first_name, day: ${fault}`,
      },
    ]);
  });

  it('are named when the component is missing', () => {
    expect(faultsOf([named])).toMatchObject([{ message: expect.stringContaining('named first_name, day') }]);
  });
});

describe('the media of a header', () => {
  it.each(['image', 'video', 'document'])('passes by link or by id: %s', (type) => {
    const format = type.toUpperCase();

    expect(faultsOf(header(format), aHeader({ type, [type]: { link: 'https://m.example/1' } }))).toEqual([]);
    expect(faultsOf(header(format), aHeader({ type, [type]: { id: '1013859600285441' } }))).toEqual([]);
  });

  it('passes with the name of a document', () => {
    const document = { link: 'https://m.example/1.pdf', filename: 'bill.pdf' };

    expect(faultsOf(header('DOCUMENT'), aHeader({ type: 'document', document }))).toEqual([]);
  });

  it('passes as a location', () => {
    const location = { latitude: 52.5, longitude: '13.4', name: 'Shop', address: 'Main Street 1' };

    expect(faultsOf(header('LOCATION'), aHeader({ type: 'location', location }))).toEqual([]);
  });

  it('passes as a kind that WhatsApp alone can judge, when the type is right', () => {
    expect(faultsOf(header('GIF'), aHeader({ type: 'gif', gif: {} }))).toEqual([]);
  });

  it.each([
    ['IMAGE', { type: 'image' }, 'needs image with either link or id'],
    ['IMAGE', { type: 'image', image: {} }, 'needs image with either link or id'],
    ['IMAGE', { type: 'image', image: { link: 'https://m.example', id: '1' } }, 'needs image with either link or id'],
    ['IMAGE', { type: 'video', video: { id: '1' } }, 'is of type video: image is expected'],
    ['IMAGE', aText(), 'is of type text: image is expected'],
    ['LOCATION', { type: 'location', location: { latitude: 1 } }, 'needs location with latitude and longitude'],
  ])('is refused in %s: %j', (format, parameter, message) => {
    expect(faultsOf(header(format), aHeader(parameter))).toEqual([{ path: 'components.0.parameters.0', message }]);
  });

  it('is required, once', () => {
    const image = { type: 'image', image: { id: '1' } };

    expect(faultsOf(header('IMAGE'))).toEqual([
      { path: 'components', message: 'header is missing: it takes exactly one parameter of type image' },
    ]);
    expect(faultsOf(header('IMAGE'), aHeader(image, image))).toEqual([
      { path: 'components.0.parameters', message: 'header takes exactly one parameter of type image: 2 given' },
    ]);
  });
});

describe('buttons', () => {
  it.each([
    ['a URL that is completed', [DYNAMIC], [aButton(0, 'url', aText('summer'))]],
    ['a URL that is whole', [STATIC], []],
    ['an index written as a text, a sub-type in capitals', [DYNAMIC], [aButton('0', 'URL', aText())]],
    ['a quick reply with its payload', [QUICK], [aButton(0, 'quick_reply', payload('no'))]],
    ['a quick reply with an empty payload', [QUICK], [aButton(0, 'quick_reply', payload(''))]],
    ['a quick reply without one, which Meta allows', [QUICK], []],
    ['a code to copy', [{ type: 'COPY_CODE' }], [aButton(0, 'copy_code', coupon('SUMMER25'))]],
    ['a one-time password, which goes as a URL', [{ type: 'OTP' }], [aButton(0, 'url', aText('123456'))]],
    ['a phone number, which takes nothing', [{ type: 'PHONE_NUMBER' }, DYNAMIC], [aButton(1, 'url', aText())]],
    ['a request for the number, which takes nothing', [{ type: 'REQUEST_CONTACT_INFO' }], []],
    ['a kind that WhatsApp alone can judge', [{ type: 'VOICE_CALL' }], [aButton(0, 'voice_call', { type: 'ttl' })]],
    ['the same without parameters', [{ type: 'VOICE_CALL' }], []],
    ['a flow', [{ type: 'FLOW' }], [aButton(0, 'flow', action({ flow_token: 't', flow_action_data: { day: 1 } }))]],
    ['a flow with nothing in it', [{ type: 'FLOW' }], [aButton(0, 'FLOW', action({}))]],
    ['a catalog', [{ type: 'CATALOG' }], []],
    [
      'a catalog with its picture',
      [{ type: 'CATALOG' }],
      [aButton(0, 'CATALOG', action({ thumbnail_product_retailer_id: 'a' }))],
    ],
    [
      'products',
      [{ type: 'MPM' }],
      [aButton(0, 'mpm', action({ sections: [{ title: 'A', product_items: [{ product_retailer_id: 'a' }] }] }))],
    ],
  ])('pass: %s', (_, registered, components) => {
    expect(faultsOf(buttons(...registered), ...components)).toEqual([]);
  });

  it.each([
    [DYNAMIC, 'url', 'exactly one parameter of type text'],
    [{ type: 'OTP' }, 'url', 'exactly one parameter of type text'],
    [{ type: 'COPY_CODE' }, 'copy_code', 'exactly one parameter of type coupon_code'],
    [{ type: 'FLOW' }, 'flow', 'exactly one parameter of type action'],
    [{ type: 'MPM' }, 'mpm', 'exactly one parameter of type action'],
  ])('are required where they take a parameter: %j', (button, subType, expected) => {
    expect(faultsOf(buttons(button))).toEqual([
      { path: 'components', message: `button 0 is missing: it takes ${expected}` },
    ]);
    expect(faultsOf(buttons(button), aButton(0, subType))).toEqual([
      { path: 'components.0.parameters', message: `button 0 takes ${expected}: 0 given` },
    ]);
  });

  it.each([
    ['more parameters than one', DYNAMIC, aButton(0, 'url', aText(), aText()), 'parameters', /exactly one.*2 given/],
    ['a parameter on a whole URL', STATIC, aButton(0, 'url', aText()), 'parameters', /no parameters: 1 given/],
    ['two payloads', QUICK, aButton(0, 'quick_reply', payload('a'), payload('b')), 'parameters', /at most one/],
    [
      'a text in the place of a payload',
      QUICK,
      aButton(0, 'quick_reply', aText()),
      'parameters.0',
      /payload is expected/,
    ],
    [
      'a code that is too long',
      { type: 'COPY_CODE' },
      aButton(0, 'copy_code', coupon('x'.repeat(21))),
      'parameters.0',
      /at most 20 characters/,
    ],
    [
      'a flow token that is no text',
      { type: 'FLOW' },
      aButton(0, 'flow', action({ flow_token: 1 })),
      'parameters.0',
      /needs action with flow_token/,
    ],
    [
      'more than 30 products',
      { type: 'MPM' },
      aButton(
        0,
        'mpm',
        action({ sections: [{ product_items: Array.from({ length: 31 }, () => ({ product_retailer_id: 'a' })) }] }),
      ),
      'parameters.0',
      /30 in all/,
    ],
    [
      'an empty code',
      { type: 'COPY_CODE' },
      aButton(0, 'copy_code', coupon('')),
      'parameters.0',
      /needs a coupon_code/,
    ],
    [
      'another sub-type',
      DYNAMIC,
      aButton(0, 'quick_reply', payload('a')),
      'sub_type',
      /must be url, the sub_type of button 0/,
    ],
    ['no sub-type', DYNAMIC, { type: 'button', index: 0, parameters: [aText()] }, 'sub_type', /must be url/],
    [
      'parameters for a phone number',
      { type: 'PHONE_NUMBER' },
      aButton(0, 'phone_number', aText()),
      'parameters',
      /no p/,
    ],
  ])('are refused with %s', (_, button, component, path, message) => {
    expect(faultsOf(buttons(button), component)).toContainEqual({
      path: `components.0.${path}`,
      message: expect.stringMatching(message),
    });
  });

  it.each([7, '-1', 'first', undefined])('are named by an index that exists, not %s', (index) => {
    const component = { type: 'button', sub_type: 'quick_reply', index, parameters: [payload('a')] };

    expect(faultsOf(buttons(QUICK, QUICK), component)).toEqual([
      { path: 'components.0.index', message: 'must be the index of a button, 0 to 1' },
    ]);
  });

  it('are refused where the template has none', () => {
    expect(faultsOf([PLAIN], aButton(0, 'url', aText()))).toEqual([
      { path: 'components.0.index', message: 'the template has no buttons' },
    ]);
  });
});

describe('components', () => {
  it('occur once each', () => {
    const one = body('{{1}}');

    expect(faultsOf([one], aBody(aText()), aBody(aText()))).toEqual([
      { path: 'components.1', message: 'repeats body' },
    ]);
    expect(faultsOf(buttons(QUICK, DYNAMIC), aButton(1, 'url', aText()), aButton('1', 'url', aText()))).toEqual([
      { path: 'components.1', message: 'repeats button 1' },
    ]);
  });

  it('of kinds that WhatsApp alone can judge go as they are', () => {
    const offer = { type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: 1 } };
    const registered = [PLAIN, { type: 'LIMITED_TIME_OFFER' }];

    expect(faultsOf(registered, { type: 'LIMITED_TIME_OFFER', parameters: [offer] })).toEqual([]);
    expect(faultsOf(registered)).toEqual([]);
  });
});

describe('a carousel', () => {
  const card = [
    { type: 'HEADER', format: 'IMAGE' },
    { type: 'BODY', text: 'Only {{1}}' },
    { type: 'BUTTONS', buttons: [DYNAMIC, QUICK] },
  ];
  const registered = [PLAIN, { type: 'CAROUSEL', cards: [{ components: card }, { components: card }] }];
  const filled = [
    aHeader({ type: 'image', image: { id: '1' } }),
    aBody(aText('5 EUR')),
    aButton(0, 'url', aText('oak')),
  ];
  const carousel = (...cards: readonly [index: number | string, components: readonly object[]][]) => ({
    type: 'carousel',
    cards: cards.map(([card_index, components]) => ({ card_index, components })),
  });

  it('passes with each of its cards filled, in any order', () => {
    expect(faultsOf(registered, carousel([0, filled], [1, filled]))).toEqual([]);
    expect(faultsOf(registered, carousel(['1', filled], ['0', filled]))).toEqual([]);
  });

  it('of the release before has no cards in the registry until it is synced', () => {
    expect(faultsOf([PLAIN, { type: 'CAROUSEL' }], carousel([0, filled]))).toEqual([
      { path: 'components.0.cards', message: 'are not in the registry yet: sync the templates' },
    ]);
  });

  it('needs no component where no card has anything to fill in', () => {
    expect(faultsOf([PLAIN, { type: 'CAROUSEL', cards: [{ components: [PLAIN] }, { components: [PLAIN] }] }])).toEqual(
      [],
    );
  });

  it.each([
    [[], { path: 'components', message: 'carousel is missing: it takes 2 cards' }],
    [
      [carousel([0, filled])],
      { path: 'components.0.cards', message: 'must be 2, one for each card of the template: 1 given' },
    ],
    [
      [carousel([0, filled], [0, filled])],
      { path: 'components.0.cards.1.card_index', message: 'must be the index of a card, 0 to 1, once' },
    ],
    [
      [carousel([0, filled], [2, filled])],
      { path: 'components.0.cards.1.card_index', message: 'must be the index of a card, 0 to 1, once' },
    ],
    [
      [carousel([0, filled], [1, filled.slice(1)])],
      {
        path: 'components.0.cards.1.components',
        message: 'header is missing: it takes exactly one parameter of type image',
      },
    ],
    [
      [carousel([0, filled], [1, [...filled.slice(0, 2), aButton(0, 'url', aText('a\nb'))]])],
      {
        path: 'components.0.cards.1.components.2.parameters.0.text',
        message: 'has a line break, which WhatsApp refuses in a template parameter: put it into the template',
      },
    ],
    [
      [carousel([0, filled], [1, filled]), { ...aBody(), cards: [{ card_index: 0, components: [] }] }],
      { path: 'components.1.cards', message: 'are for a carousel, not for body' },
    ],
  ])('is refused, with the path into its cards: %j', (components, fault) => {
    expect(faultsOf(registered, ...components)).toEqual([fault]);
  });
});

describe('a limited-time offer', () => {
  const offer = (expiration_time_ms: unknown) => ({
    type: 'limited_time_offer',
    parameters: [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms } }],
  });
  const registered = (hasExpiration?: boolean) => [PLAIN, { type: 'LIMITED_TIME_OFFER', hasExpiration }];

  it('says when it expires, where the template does', () => {
    expect(faultsOf(registered(true), offer(1_797_000_000_000))).toEqual([]);
    expect(faultsOf(registered(false))).toEqual([]);
    expect(faultsOf(registered())).toEqual([]);
  });

  it('is refused otherwise', () => {
    expect(faultsOf(registered(true))).toEqual([
      {
        path: 'components',
        message: 'limited_time_offer is missing: it takes exactly one parameter of type limited_time_offer',
      },
    ]);
    expect(faultsOf(registered(true), offer('tomorrow'))).toEqual([
      { path: 'components.0.parameters.0', message: 'needs limited_time_offer with expiration_time_ms' },
    ]);
    expect(faultsOf(registered(false), offer(1_797_000_000_000))).toMatchObject([{ path: 'components.0.parameters' }]);
  });
});

describe('the product of a header', () => {
  it('is named with its catalog', () => {
    const product = { type: 'product', product: { product_retailer_id: 'sku-77', catalog_id: '1' } };

    expect(faultsOf(header('PRODUCT'), aHeader(product))).toEqual([]);
    expect(faultsOf(header('PRODUCT'), aHeader({ type: 'product', product: {} }))).toEqual([
      { path: 'components.0.parameters.0', message: 'needs product with product_retailer_id and catalog_id' },
    ]);
  });
});

describe('an authentication template', () => {
  const OTP = { type: 'URL', url: 'https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}' };
  const check = (button: object, ...codes: readonly [string, string]) =>
    checkTemplate(
      [
        aRegisteredTemplate({
          category: 'AUTHENTICATION',
          components: [body('{{1}} is your code.'), { type: 'BUTTONS', buttons: [button as { type: string }] }],
        }),
      ],
      aTemplateContent({ components: [aBody(aText(codes[0])), aButton(0, 'url', aText(codes[1]))] }),
    );

  it.each([
    OTP,
    { type: 'OTP', otpType: 'COPY_CODE' },
    { type: 'OTP', otpType: 'ONE_TAP' },
    { type: 'OTP', otpType: 'ZERO_TAP' },
  ])('has its code in the body and in the button: %j', (button) => {
    expect(check(button, '123456', '123456')).toMatchObject({ kind: 'ready' });
    expect(check(button, '123456', '654321')).toMatchObject({
      faults: [{ path: 'components.1.parameters.0.text', message: 'must be the code that the body has' }],
    });
    expect(check(button, '1'.repeat(16), '1'.repeat(16))).toMatchObject({
      faults: [
        { path: 'components.0.parameters.0.text', message: 'has more than 15 characters, the most of a code' },
        { path: 'components.1.parameters.0.text' },
      ],
    });
  });
});
