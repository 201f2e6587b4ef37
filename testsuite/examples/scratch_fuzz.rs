use saggar_testsuite::fuzz::{self,Plan};
use saggar_compiler::target::{Target,Arch};
use std::time::Instant;
fn main(){
 let a:Vec<String>=std::env::args().collect();
 let n:Vec<u64>=a[1..5].iter().map(|x|x.parse().unwrap()).collect();
 let targets=a[5].split(',').map(|t|Target::find(t,None).unwrap()).collect();
 let _=Arch::ALL;
 let t=Instant::now();
 let plan=Plan{smith:n[0]..n[1],shapes:n[2]..n[3],targets,threads:2,failures:"/tmp/dsc/fail".into()};
 match fuzz::run(&plan){Ok(r)=>println!("{r}\npassed {}",r.passed()),Err(e)=>println!("ERR {e}")}
 println!("{:?}",t.elapsed());
}
