//! What a person reads who typed something that cannot be: in both languages, on stderr, with the right exit code.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const UNHA: &str = env!("CARGO_BIN_EXE_unha");

/// Runs unha in a folder, in a locale whose language is not ours unless asked for.
fn unha(dir: &Path, locale: &str, args: &[&str]) -> Output {
    let mut command = Command::new(UNHA);
    command.args(args).current_dir(dir).env("LC_ALL", locale).env("XDG_CACHE_HOME", dir.join("cache"));
    command.output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// Asserts what unha says and how it ends, with `--lang` before the verb and with the locale alone.
fn told(dir: &Path, args: &str, code: i32, en: &str, pt_br: &str) {
    let words: Vec<&str> = args.split_whitespace().collect();
    for (tag, locale, wanted) in [("en", "en_US.UTF-8", en), ("pt-BR", "pt_BR.UTF-8", pt_br)] {
        let by_option = unha(dir, "C", &[&["--lang", tag], &words[..]].concat());
        let by_locale = unha(dir, locale, &words);
        for output in [by_option, by_locale] {
            let said = stderr(&output);
            assert!(said.contains(wanted), "unha {args} ({tag}) says {said}\ninstead of {wanted}");
            assert!(said.starts_with("unha: "), "unha {args} ({tag}): {said}");
            assert_eq!(output.status.code(), Some(code), "unha {args} ({tag}): {said}");
            assert!(output.stdout.is_empty(), "unha {args} ({tag}) says something on stdout");
        }
    }
}

/// Files and folders that are none of what they should be.
fn place() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    for folder in ["empty", "no-shell/etc", "lessons"] {
        fs::create_dir_all(path.join(folder)).unwrap();
    }
    for (name, text, mode) in
        [("plain", "text\n", 0o644), ("text", "text\n", 0o755), ("script", "#!/no/such/shell\n", 0o755)]
    {
        fs::write(path.join(name), text).unwrap();
        fs::set_permissions(path.join(name), fs::Permissions::from_mode(mode)).unwrap();
    }
    let own = include_str!("walk/loads/01-loads.toml");
    fs::create_dir(path.join("own")).unwrap();
    for file in ["own.toml", "own/01-own.toml"] {
        fs::write(path.join(file), own).unwrap();
    }
    let broken = "schema = 1\nid = \"mine\"\ntitel = { en = \"a\", pt-BR = \"b\" }\n";
    fs::write(path.join("lessons/01-mine.toml"), broken).unwrap();
    dir
}

/// What is typed, how it ends, and what is said of it in both languages.
const NO_ORDERS: &[(&str, i32, &str, &str)] = &[
    ("lits", 2, "no command `lits`", "não tem o comando `lits`"),
    ("lits", 2, "did you mean `list`?", "você quis dizer `list`?"),
    ("lits", 2, "Next: unha --help", "Veja: unha --help"),
    ("ps", 2, "Next: `unha inspect` shows all", "Tente: `unha inspect` mostra todos"),
    ("ps", 2, "no command `ps`: that is docker's", "o comando `ps`, que é do docker"),
    ("exec web sh", 2, "`unha inspect -w NAME`", "`unha inspect -w NOME`"),
    ("stop web", 2, "without a handler; `unha run --init`", "sem handler não ouve; `unha run --init`"),
    ("rm web", 2, "`kill -9 PID`, the one that `unha inspect` shows", "`kill -9 PID`, o que o `unha inspect` mostra"),
    ("run --name web sh", 125, "a box has no name, only a PID", "uma caixa não tem nome, só um PID"),
    ("images", 2, "`unha rootfs list`", "`unha rootfs list`"),
    ("rmi alpine", 2, "`unha rootfs rm NAME`", "`unha rootfs rm NOME`"),
    ("pull alpine", 2, "`unha rootfs import image.tar`", "`unha rootfs import imagem.tar`"),
    ("rootfs pull alpine", 2, "docker save IMAGE -o", "docker save IMAGEM -o"),
    ("rootfs import alpine:3", 1, "docker save alpine:3 -o alpine.tar", "depois unha rootfs import alpine.tar"),
    ("rootfs import docker://alpine", 1, "docker pull alpine && docker", "docker pull alpine && docker"),
    ("run -it alpine sh", 125, "Next: leave out -it", "Tente: tire o -it"),
    ("run --rm -it alpine sh", 125, "a box leaves nothing behind", "uma caixa não deixa nada para trás"),
    ("run --volume=/a:/b sh", 125, "sees all files of this machine", "vê todos os arquivos desta máquina"),
    ("list --routes short", 2, "no option `--routes`; did you mean `--route`?", "não tem a opção `--routes`"),
    ("grade", 2, "there is no COMMAND to run", "faltou o COMANDO a rodar"),
    ("grade --secs 3 -- sh", 2, "`unha grade` has no option `--secs`", "`unha grade` não tem a opção `--secs`"),
    ("grade --seconds 0 -- sh", 2, "seconds from 1 to 3600", "um número inteiro de 1 a 3600"),
    ("grade --pid x", 2, "--pid x: invalid value; expected a process number", "esperado: o número de um processo"),
    ("grade --pid 1 sh", 2, "--pid and COMMAND contradict each other", "--pid e COMANDO se contradizem"),
    ("list more", 2, "`more` is one word too many", "`more` sobrou"),
    ("list --route foo", 2, "--route foo: invalid value; expected full or short", "esperado: full ou short"),
    ("list --route ful", 2, "did you mean `full`?", "você quis dizer `full`?"),
    ("--theme drak", 2, "did you mean `dark`?", "você quis dizer `dark`?"),
    ("--theme contrst", 2, "did you mean `contrast`?", "você quis dizer `contrast`?"),
    ("new", 2, "make what, and where?", "criar o quê, e onde?"),
    (
        "new dekc mine",
        2,
        "dekc: invalid value; expected deck or lesson; did you mean `deck`?",
        "você quis dizer `deck`?",
    ),
    ("new deck", 2, "there is no NAME", "faltou o NOME"),
    ("new lesson", 2, "there is no NAME", "faltou o NOME"),
    ("new lesson uts", 2, "unha has a lesson of that name", "o unha já tem uma lição com esse nome"),
    ("new lesson 07-Ana", 2, "a lesson's name begins with a letter", "o nome de uma lição começa com letra"),
    ("new lesson lessons/01-mine.toml", 2, "is there already, so nothing was written", "já existe, então nada foi"),
    ("new lesson plain/mine", 1, "= EEXIST", "Tente: um arquivo numa pasta onde você possa escrever"),
    ("check own.toml", 2, "own.toml: no part of unha, and nobody has agreed", "own.toml: não faz parte do unha"),
    ("record own.toml", 2, "or --trust if you know the file", "ou --trust se você conhece o arquivo"),
    ("export html x.html --lessons own", 2, "nobody has agreed", "ninguém concordou"),
    ("present --check 80x24 --lessons own", 2, "nobody has agreed", "ninguém concordou"),
    ("progress shwo", 2, "expected show, export, import or reset; did you mean `show`?", "você quis dizer `show`?"),
    ("new deck lessons", 2, "lessons is not empty, so nothing was written", "lessons não está vazia"),
    ("new deck plain", 1, "mkdir(\"plain\") = EEXIST", "mkdir(\"plain\") = EEXIST"),
    ("new deck plain/mine", 1, "= ENOTDIR", "Tente: uma pasta onde você possa escrever"),
    ("check --lessons", 2, "--lessons <DIR>: the value is missing", "--lessons <PASTA>: faltou o valor"),
    ("play", 2, "Without one: unha run, unha inspect", "Sem um: unha run, unha inspect"),
    (
        "play utz",
        2,
        "utz: invalid value; expected a feature's name, such as uts; did you mean",
        "você quis dizer `uts`?",
    ),
    ("play --all uts", 2, "contradict each other", "se contradizem"),
    ("play --route short", 2, "`unha play` has no option `--route`", "`unha play` não tem a opção `--route`"),
    ("inspect 1 2", 2, "`2` is one word too many", "`2` sobrou"),
    ("inspect --plain --json", 2, "contradict each other", "se contradizem"),
    ("inspect nonsense", 1, "nobody here has a container or a unit \"nonsense\"", "ninguém aqui tem um contêiner"),
    ("inspect docker:", 1, "without a name shows what there is", "sem nome mostra o que existe"),
    ("inspect 0", 2, "is not a process number", "não é um número de processo"),
    ("inspect 4194305", 1, "= ENOENT", "não existe esse processo aqui"),
    ("learn", 2, "Without one: unha learn --plain", "Sem um: unha learn --plain"),
    ("learn utz", 2, "no lesson `utz`", "não existe a lição `utz`"),
    ("learn uts/nope", 2, "uts has no step `nope`", "uts não tem o passo `nope`"),
    ("learn uts pid", 2, "`pid` is one word too many", "`pid` sobrou"),
    ("learn --plain --theme dark", 2, "contradict each other", "se contradizem"),
    ("--host learn --plain", 1, "no terminal to ask on", "não há terminal para perguntar"),
    ("notes", 2, "this is no terminal", "isto não é um terminal"),
    ("notes mine", 2, "a process number, such as 4711", "o número de um processo, como 4711"),
    ("notes --route short", 2, "`unha notes` has no option `--route`", "`unha notes` não tem a opção `--route`"),
    ("replay", 2, "there is no FILE", "faltou o ARQUIVO"),
    ("replay gone.jsonl", 2, "open(\"gone.jsonl\") = ENOENT", "arquivo ou diretório inexistente"),
    ("replay gone.jsonl", 2, "(No such file or directory). Next: ls .", ". Tente: ls ."),
    ("replay lessons", 2, "= EISDIR (Is a directory). Next: the name of a file in it", "Tente: o nome de um arquivo"),
    ("check gone/x.toml", 2, "Next: ls gone", "Tente: ls gone"),
    ("run --seccomp gone true", 125, "; give a profile in Docker's format, or default", "; dê um perfil no formato"),
    ("replay plain", 2, "plain: not a recording", "plain: não é uma gravação"),
    ("replay plain --speed 0", 2, "--speed 0: invalid value; expected a number", "um número de 0.1 a 20"),
    ("present --check 30x10", 2, "--check 30x10: invalid value; expected columns x rows", "de 60x18 a 500x200"),
    ("present --check", 2, "--check <COLSxROWS>: the value is missing", "--check <COLUNASxLINHAS>: faltou o valor"),
    ("present --minutes 40", 2, "--check is missing", "faltou --check"),
    ("present --minutes 0 --check 80x24", 2, "from 1 to 600", "de 1 a 600"),
    ("present --rehearse --check 80x24", 2, "contradict each other", "se contradizem"),
    ("record lits", 2, "there is no lesson `lits`", "não existe a lição `lits`"),
    ("record uts --out plain", 1, "plain: not written", "plain: não gravado"),
    ("export", 2, "Such as: unha export html talk.html", "Por exemplo: unha export html palestra.html"),
    ("export html", 2, "there is no FILE", "faltou o ARQUIVO"),
    ("export talk.html x", 2, "expected html", "esperado: html"),
    ("export html plain", 2, "plain: there already. Next: another name, or --force", "plain: já existe"),
    ("export html empty --force", 2, "empty: no ordinary file", "empty: não é um arquivo comum"),
    ("export html gone/x.html", 2, "gone/x.html: not written: ENOENT", "gone/x.html: não gravado: ENOENT"),
    ("export html plain/x.html", 2, "plain/x.html: not written: ENOTDIR", "plain/x.html: não gravado: ENOTDIR"),
    ("export html x.html --deck gone", 2, "open(\"gone\") = ENOENT", "arquivo ou diretório inexistente"),
    ("run", 125, "no COMMAND to run", "faltou o COMANDO a rodar"),
    ("run --utz true", 125, "`unha run` has no option `--utz`", "`unha run` não tem a opção `--utz`"),
    ("run --utz true", 125, "Next: unha run --help", "Veja: unha run --help"),
    ("--route short run --hostnme x true", 125, "did you mean `--hostname`?", "você quis dizer `--hostname`?"),
    ("run --memory banana true", 125, "--memory banana: invalid value", "--memory banana: valor inválido"),
    ("run --memory banana true", 125, "such as 32M", "como 32M"),
    ("run --memory 0 true", 125, "--memory 0: invalid value", "--memory 0: valor inválido"),
    ("run --cpus 0 true", 125, "from 0.01 to 1024", "de 0.01 a 1024"),
    ("run --cpus none true", 125, "such as 0.2", "como 0.2"),
    ("run --pids-limit 0 true", 125, "from 1 up", "de 1 para cima"),
    ("run --pids-limit 1.5 true", 125, "a whole number", "um número inteiro"),
    ("run --no-mount --rootfs unha true", 125, "contradict each other", "se contradizem"),
    ("run --uts --uts true", 125, "--uts is given twice", "--uts aparece duas vezes"),
    ("run --uts=yes true", 125, "takes no value", "não recebe valor"),
    ("run --nope", 125, "`unha run` has no option `--nope`", "`unha run` não tem a opção `--nope`"),
    ("run --route short true", 125, "`unha run` has no option `--route`", "`unha run` não tem a opção `--route`"),
    ("--lessons . run true", 125, "has no option `--lessons`", "não tem a opção `--lessons`"),
    ("clean --lessons .", 2, "`unha clean` has no option `--lessons`", "`unha clean` não tem a opção `--lessons`"),
    ("--route full inspect 1", 2, "has no option `--route`", "não tem a opção `--route`"),
    ("--host list", 2, "--host is the course's alone", "--host é só do curso"),
    ("--host run true", 125, "`unha run` has nothing to do with it", "`unha run` não tem nada com isso"),
    ("run --host true", 125, "--host is the course's alone", "--host é só do curso"),
    ("clean --host", 2, "--host is the course's alone", "--host é só do curso"),
    ("--host", 1, "no terminal to ask on", "não há terminal para perguntar"),
    ("--lessons /nope", 2, "open(\"/nope\") = ENOENT", "(arquivo ou diretório inexistente)"),
    ("list --lessons /nope", 2, "open(\"/nope\") = ENOENT", "(arquivo ou diretório inexistente)"),
];

#[test]
fn an_empty_name_is_none() {
    let dir = place();
    for (tag, wanted) in [("en", "no name given"), ("pt-BR", "nenhum nome dado")] {
        let output = unha(dir.path(), "C", &["--lang", tag, "inspect", ""]);
        assert!(stderr(&output).contains(wanted) && output.status.code() == Some(2), "{output:?}");
    }
}

#[test]
fn a_command_line_that_is_no_order() {
    let dir = place();
    for (args, code, en, pt_br) in NO_ORDERS {
        told(dir.path(), args, *code, en, pt_br);
    }
}

#[test]
fn a_recording_that_cannot_be_shown() {
    let dir = place();
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons/recorded/uts.en.jsonl.gz");
    let bytes = fs::read(&whole).unwrap();
    fs::write(dir.path().join("half.gz"), &bytes[..bytes.len() / 2]).unwrap();
    fs::write(dir.path().join("newer"), "{\"schema\":9}\n").unwrap();
    told(dir.path(), "replay half.gz", 2, "half.gz: cut off", "half.gz: incompleta");
    told(dir.path(), "replay newer", 2, "newer:1: made by a newer unha", "newer:1: feita por um unha mais novo");
    let args = format!("replay {}", whole.display());
    told(dir.path(), &args, 2, "this is no terminal", "isto não é um terminal");
}

#[test]
fn a_language_that_there_is_not_is_told_in_the_locales() {
    let dir = place();
    let english = stderr(&unha(dir.path(), "C", &["--lang", "xx", "list"]));
    assert!(english.contains("--lang xx: invalid value; expected pt-BR or en"), "{english}");
    let portuguese = stderr(&unha(dir.path(), "pt_BR.UTF-8", &["--lang", "xx", "list"]));
    assert!(portuguese.contains("--lang xx: valor inválido; esperado: pt-BR ou en"), "{portuguese}");
}

#[test]
fn help_is_a_command_too() {
    let dir = place();
    for (words, option) in [(&["help"][..], &["--help"][..]), (&["help", "run"], &["run", "--help"])] {
        let [said, wanted] = [words, option].map(|args| unha(dir.path(), "C", args));
        assert!(said.status.success() && !said.stdout.is_empty(), "{words:?}: {}", stderr(&said));
        assert_eq!(said.stdout, wanted.stdout, "{words:?}");
    }
}

#[test]
fn help_is_in_the_language_that_is_asked_for_wherever_that_stands() {
    let dir = place();
    for args in
        [&["--lang", "pt-BR", "run", "--help"][..], &["run", "--help", "--lang=pt"], &["run", "--lang", "pt", "-h"]]
    {
        let output = unha(dir.path(), "C", args);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("Uso: unha run") && said.contains("Opções:"), "{args:?}: {said}");
        assert!(output.status.success() && output.stderr.is_empty(), "{args:?}");
    }
    let output = unha(dir.path(), "pt_BR.UTF-8", &["inspect", "--help", "--lang", "en"]);
    assert!(String::from_utf8(output.stdout).unwrap().contains("Usage: unha inspect"));
    assert!(unha(dir.path(), "C", &["--version"]).status.success());
}

#[test]
fn a_command_that_cannot_be_executed() {
    let dir = place();
    let cases = [
        ("run sleeep 1", 127, "execve(\"sleeep\", [\"sleeep\", \"1\"]) = ENOENT", "(arquivo ou diretório inexistente)"),
        ("run sleeep 1", 127, "did you mean `sleep`?", "você quis dizer `sleep`?"),
        ("run alpine:3", 127, "docker save alpine:3 -o alpine.tar", "depois unha rootfs import alpine.tar"),
        ("run ghcr.io/some/app:1 sh", 127, "then unha rootfs import app.tar", "depois unha rootfs import app.tar"),
        ("run ./nothing", 127, "there is no file", "não existe o arquivo"),
        ("run ./script", 127, "\"/no/such/shell\", which must load it", "\"/no/such/shell\", que precisa carregá-lo"),
        ("run ./plain", 126, "EACCES", "permissão negada"),
        ("run ./plain", 126, "it may not be executed", "não pode ser executado"),
        ("run ./text", 126, "ENOEXEC", "não é um programa para esta máquina"),
        ("run ./empty", 126, "EACCES", "permissão negada"),
    ];
    for (args, code, en, pt_br) in cases {
        told(dir.path(), args, code, en, pt_br);
    }
}

#[test]
fn a_root_file_system_that_is_none() {
    let dir = place();
    let cases = [
        ("run --rootfs debian sh", 125, "--rootfs debian: neither a folder", "--rootfs debian: não é uma pasta"),
        (
            "run --rootfs debian sh",
            125,
            "if an image is meant, docker pull debian &&",
            "se for uma imagem, docker pull",
        ),
        ("run --rootfs unah sh", 125, "did you mean `unha`?", "você quis dizer `unha`?"),
        ("run --rootfs ./gone sh", 125, "stat(\"./gone\") = ENOENT", "dê a pasta que contém bin, etc, usr"),
        ("run --rootfs ./empty sh", 125, "\"./empty\" is empty", "\"./empty\" está vazia"),
        ("run --rootfs ./no-shell sh", 125, "\"./no-shell\" has no shell", "\"./no-shell\" não tem shell"),
        ("run --rootfs ./plain sh", 125, "\"./plain\" is not a folder", "\"./plain\" não é uma pasta"),
        ("run --rootfs unha slep", 127, "no command `slep` in the built-in root", "comando `slep` no sistema embutido"),
        ("run --rootfs unha slep", 127, "did you mean `sleep`?", "você quis dizer `sleep`?"),
        ("run --rootfs unha /etc/passwd", 126, "nobody may execute it", "ninguém pode executá-lo"),
    ];
    for (args, code, en, pt_br) in cases {
        told(dir.path(), args, code, en, pt_br);
    }
}

#[test]
fn a_host_name_that_is_too_long() {
    let dir = place();
    let name = "a".repeat(65);
    let args = format!("run --user --hostname {name} true");
    told(dir.path(), &args, 125, "64 bytes at most, and this one has 65", "de até 64 bytes, e este tem 65");
    told(dir.path(), &args, 125, "= EINVAL (Invalid argument)", "= EINVAL (argumento inválido)");
}

#[test]
fn namespaces_that_are_used_up() {
    let dir = place();
    for (tag, wanted) in [("en", "user.max_uts_namespaces = 0"), ("pt-BR", "já há tantos namespaces")] {
        let script = format!("echo 0 > /proc/sys/user/max_uts_namespaces && exec {UNHA} --lang {tag} run --uts true");
        let output = Command::new("unshare").args(["-r", "sh", "-c", &script]).current_dir(&dir).output().unwrap();
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(125), "{said}");
        assert!(said.contains("unshare(CLONE_NEWUTS) = ENOSPC") && said.contains(wanted), "{said}");
        assert!(said.contains("sysctl -w user.max_uts_namespaces"), "{said}");
    }
}

#[test]
fn limits_that_the_kernel_does_not_take() {
    if !is_root() {
        eprintln!("SKIP: whether cgroups may be made here is another test's; this one needs root");
        return;
    }
    let dir = place();
    let cases = [
        ("run --pids-limit 99999999 true", "pids.max\", \"99999999\") = EINVAL", "outro --pids-limit"),
        ("run --memory 1 true", "OOM killer ended it", "o OOM killer do kernel o matou"),
        ("run --pids-limit 1 --pid true", "= EAGAIN", "um --pids-limit maior"),
    ];
    for (args, en, pt_br) in cases {
        told(dir.path(), args, 125, en, pt_br);
    }
}

#[test]
fn an_ordinary_user_without_a_cgroup() {
    if !is_root() {
        eprintln!("SKIP: becoming an ordinary user who has no cgroup for sure needs root");
        return;
    }
    let dir = place();
    let copy = dir.path().join("unha");
    // A link where it can be: a copy that is still open for writing in a child of another test cannot be executed.
    fs::hard_link(UNHA, &copy).or_else(|_| fs::copy(UNHA, &copy).map(drop)).unwrap();
    for (tag, wanted) in [("en", ["sudo unha", "or without --memory"]), ("pt-BR", ["sudo unha", "ou sem --memory"])] {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "1000", "--regid", "1000", "--clear-groups"]).arg(&copy);
        let output = command.args(["--lang", tag, "run", "--memory", "32M", "true"]).output().unwrap();
        let said = stderr(&output).replace("systemd-run --user --scope -p Delegate=yes unha", "sudo unha");
        assert_eq!(output.status.code(), Some(125), "{said}");
        assert!(wanted.iter().all(|wanted| said.contains(wanted)), "{said}");
    }
}

#[test]
fn lessons_that_are_not_there_or_not_right() {
    let dir = place();
    let last = unha::course::parse::embedded().len() - 1;
    let [or, ou] = [format!("(or 0 to {last})"), format!("(ou de 0 a {last})")];
    let cases = [
        ("check utz", "no lesson `utz`", "não existe a lição `utz`"),
        ("check utz", "did you mean `uts`?", "você quis dizer `uts`?"),
        ("check 99", &or, &ou),
        ("check gone.toml", "open(\"gone.toml\") = ENOENT", "arquivo ou diretório inexistente"),
        ("check --lessons gone", "--lessons: open(\"gone\") = ENOENT", "arquivo ou diretório inexistente"),
        ("list --lessons empty", "there is no lesson", "não há nenhuma lição"),
        ("list --lessons lessons", "lessons/01-mine.toml:3:1: unknown key `titel`", "3:1: chave desconhecida `titel`"),
        ("check --lessons lessons", "did you mean `title`?", "você quis dizer `title`?"),
        ("check lessons/01-mine.toml", "lessons/01-mine.toml:3:1: ", "lessons/01-mine.toml:3:1: "),
        ("check lessons/01-mine.toml", "  | ^^^^^\n", "  | ^^^^^\n"),
    ];
    for (args, en, pt_br) in cases {
        told(dir.path(), args, 2, en, pt_br);
    }
}
