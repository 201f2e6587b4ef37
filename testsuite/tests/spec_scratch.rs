//! scratch
#[test]
fn scratch() {
    use saggar_testsuite::wast;
    use saggar_compiler::target::Target;
    let get = |n: &str| std::env::var(n).ok();
    let Some(suite) = get("SUITE") else { return };
    let mut files = wast::suite::files(&suite).unwrap();
    if let Some(p) = get("FILES") { files.retain(|f| p.split(',').any(|p| f.name.contains(p))); }
    let target = Target::find(&get("TARGET").unwrap_or("x86_64".into()), get("CPU").as_deref()).unwrap();
    let mut sessions: Vec<_> = (0..2).map(|_| wast::Session::new(wast::Settings::new(target))).collect();
    let reports = wast::parallel::run_files(&files, &mut sessions, |f, s| { let t=std::time::Instant::now(); let r = wast::run_file(&f.name, &f.source, s); if t.elapsed().as_secs()>1 {eprintln!("slow {} {:?}", f.name, t.elapsed());} r});
    println!("{}", wast::summary::summarise(&reports));
    let e = wast::expect::Expectations::load(&wast::expect::folder()).unwrap();
    println!("{}", wast::summary::describe(&e.judge(&reports)));
    if get("BLESS").is_some() { wast::expect::bless(&wast::expect::folder(), &reports).unwrap(); }
}
