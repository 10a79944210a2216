import { TerraformOutput, TerraformProvider, TerraformResource, type TerraformStack } from 'cdktf';
import { names, resource, resources, synthStack } from './synth.ts';

class Thing extends TerraformResource {
  protected override synthesizeAttributes() {
    return { size: 3 };
  }
}

class Things extends TerraformProvider {
  constructor(stack: TerraformStack) {
    super(stack, 'things', { terraformResourceType: 'things', terraformGeneratorMetadata: { providerName: 'things' } });
  }
}

const thing = (stack: TerraformStack, id: string) =>
  new Thing(stack, id, { terraformResourceType: 'thing', terraformGeneratorMetadata: { providerName: 'things' } });

test('a synthesized resource is returned exactly, without metadata', () => {
  const json = synthStack((stack) => {
    new Things(stack);
    thing(stack, 'a');
  });
  expect(resources(json, 'thing')).toEqual([{ size: 3 }]);
  expect(resource(json, 'thing')).toEqual({ size: 3 });
  expect(names(json, 'thing')).toEqual(['a']);
});

test('validations run, so that a stack which cdktf synth refuses is refused here', () => {
  expect(() => synthStack((stack) => stack.node.addValidation({ validate: () => ['the stack is wrong'] }))).toThrow(
    /the stack is wrong/,
  );
});

test('the one resource is not guessed when there are two', () => {
  const json = synthStack((stack) => {
    new Things(stack);
    for (const id of ['a', 'b']) thing(stack, id);
  });
  expect(() => resource(json, 'thing')).toThrow('expected exactly one thing, found 2');
});

test('the stack is named as asked', () => {
  const json = synthStack((stack) => void new TerraformOutput(stack, 'path', { value: stack.node.path }), 'prod');
  expect(json.output).toEqual({ path: { value: 'prod' } });
});

test('a resource without its provider is refused, as by cdktf synth', () => {
  expect(() => synthStack((stack) => void thing(stack, 'a'))).toThrow(/Found resources without a matching provider/);
});
