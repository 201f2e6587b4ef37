use saggar_compiler::target::Arch;
use saggar_testsuite::firmware::{Kind, build, machine::Machine};
#[test]
fn keep() {
    for kind in Kind::ALL { for arch in [Arch::Aarch64, Arch::Riscv64] {
        let image = build::image(kind, arch, None).unwrap();
        let m = Machine::new(arch, &image.elf).unwrap();
        let mut c = m.command();
        let path = format!("/tmp/debugging/fw/{}-{}", kind.name(), arch.name());
        std::fs::write(&path, &image.elf).unwrap();
        let sock = format!("{path}.sock");
        let _ = std::fs::remove_file(&sock);
        c.args(["-S", "-chardev"]).arg(format!("socket,id=gdb,path={sock},server=on,wait=off")).args(["-gdb", "chardev:gdb"]);
        let mut child = c.stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(700));
        let out = std::process::Command::new("timeout").args(["60","gdb-multiarch","-nx","-batch","-ex","set pagination off","-ex","set confirm off"])
          .args(["-ex", &format!("target remote {sock}"), "-ex", "break biquad.rs:44", "-ex", "continue", "-ex", "bt", "-ex", "delete","-ex","break sg_raise", "-ex", "continue","-ex","bt","-ex","continue","-ex","bt","-ex","continue","-ex","bt","-ex","kill"]).arg(&path).output().unwrap();
        println!("{path}\n{}\n{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        let _ = child.kill(); let _ = child.wait();
    }}
}
