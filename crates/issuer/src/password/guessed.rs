use std::collections::HashSet;
use std::sync::LazyLock;

/// Words that passwords are made of most often, in lower case. Rows of keys and repetitions are
/// found by rule; rows that no rule of neighbours sees are here.
pub(super) static COMMON: LazyLock<HashSet<Vec<char>>> = LazyLock::new(|| {
    WORDS
        .split(' ')
        .map(|word| word.chars().collect())
        .collect()
});

const WORDS: &str = "\
    password passwort passw0rd passwd motdepasse contrasena wachtwoord parola \
    senha haslo secret geheim segredo login access letmein openup opensesame \
    changeme changeit change default temp temporary test testing tester \
    testtest example sample demo guest user username admin administrator root \
    toor master system server manager operator support service office company \
    welcome willkommen bienvenue hello helloworld hallo bonjour trustno1 nopassword \
    nothing whatever whocares forgot blank unknown private security internet \
    computer laptop windows linux apple google facebook instagram youtube \
    samsung android iphone microsoft oracle cisco database mysql postgres \
    1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc qazwsx qazwsxedc \
    zaq12wsx zaq1xsw2 qweasd qweasdzxc a1b2c3d4 abc123 q1w2e3r4 q1w2e3r4t5 qwer1234 \
    asdf1234 qwerty qwertz azerty asdfgh zxcvbn 147258369 159753 102030 112233 \
    121212 123123 123321 147147 696969 741852963 789456123 987654321 \
    iloveyou iloveu loveyou lovely love lover ichliebedich jetaime teamo \
    sweetheart sweety darling honey babe babygirl princess prinzessin prince \
    angel forever friends friend family mother father daddy mommy \
    freedom peace hope happy lucky blessed faith jesus christ heaven godisgood \
    sunshine sunflower butterfly flower rainbow summer winter spring \
    autumn january february april august september october november december \
    monday friday sunday sommer morning \
    dragon monkey tiger lion eagle falcon phoenix panther dolphin horse kitty \
    kitten puppy bear wolf buster shadow ginger pepper cookie chocolate \
    banana orange cheese coffee pizza purple silver golden yellow black \
    green blue white diamond crystal \
    football fussball futbol soccer baseball basketball hockey tennis golfer \
    liverpool arsenal chelsea barcelona realmadrid juventus yankees cowboys \
    superman batman spiderman ironman pokemon pikachu naruto starwars skywalker \
    matrix gandalf merlin harrypotter minecraft roblox fortnite player gamer \
    killer hunter hunter2 ninja warrior soldier ranger legend champion winner \
    number1 numberone mustang ferrari porsche mercedes harley corvette jordan metallica \
    music guitar rockstar superstar dancer \
    michael jennifer jessica ashley daniel thomas robert charlie george andrew \
    joshua matthew anthony william nicole michelle amanda samantha hannah \
    maggie jasmine alexander andrea patrick richard maverick america london \
    berlin paris newyork australia canada germany deutschland france brasil";

/// The rows of keyboards.
pub(super) const KEYBOARD: &[&str] = &[
    "1234567890-=",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "qwertzuiopü",
    "yxcvbnm,.-",
    "azertyuiop",
    "qsdfghjklm",
];
