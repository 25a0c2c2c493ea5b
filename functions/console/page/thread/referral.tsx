import { isLoose, partAt, textAt } from '../api/loose.ts';
import { strings } from '../strings.ts';
import { Icon } from '../ui/icon.tsx';

/** The ad, post or product through which the customer came, as far as the provider describes it. */
export const Referral = ({ referral }: { readonly referral: unknown }) => {
  if (!isLoose(referral)) return undefined;
  const product = textAt(partAt(referral, 'referred_product'), 'product_retailer_id');
  const source = strings.content.cameFrom[textAt(referral, 'source_type')] ?? strings.content.cameFromElsewhere;
  return (
    <div className="referral">
      <p className="muted">
        <Icon name="link" size={14} />
        <bdi>{product === '' ? source : strings.content.asksAbout(product)}</bdi>
      </p>
      <strong>
        <bdi>{textAt(referral, 'headline')}</bdi>
      </strong>
      <p>
        <bdi>{textAt(referral, 'body')}</bdi>
      </p>
    </div>
  );
};
