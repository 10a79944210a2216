import { renderTemplate } from './secret-template.ts';

const data = { password: 'pass', 'user.crt': 'PEM' };

test.each([
  ['{{ .password }}', 'pass'],
  ['a {{ index . "user.crt" }} b', 'a PEM b'],
  ['{{ .password | b64enc }}', 'cGFzcw=='],
  ['{{ htpasswd "admin" .password }}', 'admin:{SHA}nU4eI71bcnBGqeO0t9tXvY1u5oQ='],
])('renders %s', (template, text) => expect(renderTemplate(template, data)).toBe(text));

test.each([
  ['{{ .absent }}', 'template: .absent has no value'],
  ['{{ upper .password }}', 'template function upper is not simulated'],
])('refuses %s', (template, message) => expect(() => renderTemplate(template, data)).toThrow(message));
