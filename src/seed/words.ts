/** The words that names are made of. Their order is part of the generator: changing it changes the data. */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** 64 given names, as people write them; `asciiOf` gives what stands in an address. */
export const GIVEN_NAMES = words(`
  Ada Ahmed Aiko Alan Amara Ana André Anja Aylin Barbara Ben Bianca Boris Carlos Chen Chloé
  Clara Daniel Diego Dmitri Elena Emeka Emma Erik Fatima Felix Fiona Freya Grace Hana Henrik Hugo
  Ines Ivan Jamal Jana João José Julia Kai Karim Kofi Lars Leila Lena Linh Lucía Marek
  Maria Mei Mina Nadia Nils Noor Olga Omar Priya Rafael Ravi Rosa Sofia Tariq Yuki Zoë`);

/** 64 family names. */
export const FAMILY_NAMES = words(`
  Abe Adeyemi Ali Andersen Bauer Bergström Bianchi Brown Castro Chan Cohen Costa Dahl Das Diaz Dubois
  Eze Farah Fischer Flores García Gómez Haddad Hansen Hoang Horvat Ito Ivanov Jansen Jensen Kaya Khan
  Kim Kovač Kowalski Kumar Larsen Lee Lindholm López Mbeki Meyer Moreau Müller Murphy Nakamura Ndiaye Nguyen
  Novák Okafor Olsen Park Patel Petrov Rossi Sato Schmidt Silva Singh Suzuki Tanaka Torres Weber Yilmaz`);

export const ADJECTIVES = words(`
  amber ancient arctic autumn bold brave bright calm clear clever coastal copper crimson crystal deep distant
  eager early eastern emerald fair fast fine first gentle golden grand green hidden high honest humble
  indigo iron kind lively lunar mellow modern misty new noble northern open polar prime proud quick
  quiet rapid red royal silent silver simple solar solid southern steady still swift true vivid western`);

export const NOUNS = words(`
  anchor arrow aspen atlas badger beacon birch bridge brook canyon cedar cliff cloud comet compass coral
  crane creek delta dune eagle ember falcon fern field fjord forest fox garden gate glacier grove
  harbor hawk heron hill island lake lantern lark maple meadow mill mountain oak orbit orchard otter
  peak pine prairie reef ridge river sail spruce stone summit tide trail valley wave willow wren`);

export const COMPANY_ENDINGS = [
  '',
  ' Labs',
  ' Systems',
  ' Software',
  ' Analytics',
  ' Health',
  ' Games',
  ' & Sons',
];

/** The name without accents, in lower case. */
export function asciiOf(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase();
}
